import { createServer } from 'node:http';
import express from 'express';
import { Schema } from 'mongoose';
import { listen } from '../../local/listen';
import { connectRecords } from '../../records/connection';
import { serve } from './serve';

/** What the server of bare reads starts with. */
export interface BareReadsSettings {
  folder: string;
  databaseUri: string;
  /** What is read; as large as a meeting's status. */
  document: Record<string, unknown>;
}

/** Express and mongoose with nothing between: one document by its id. */
serve(async ({ databaseUri, document }: BareReadsSettings) => {
  const connection = await connectRecords(databaseUri);
  const documents = connection.model(
    'documents',
    new Schema({ _id: String, content: Schema.Types.Mixed }, { versionKey: false }),
  );
  await documents.create({ _id: 'one', content: document });
  const app = express();
  app.get('/documents/:id', async (request, response) => {
    const found = await documents.findById(request.params.id).lean();
    if (found) response.json(found.content);
    else response.sendStatus(404);
  });
  const listening = await listen(createServer(app));
  return {
    ready: { url: listening.url },
    answers: {
      async stop() {
        listening.close();
        await connection.close();
      },
    },
  };
});
