import { createServer } from 'node:http';
import { Client, Connection } from '@temporalio/client';
import express from 'express';
import { listen } from '../../local/listen';
import { connectRecords } from '../../records/connection';
import type { bareLoop } from '../bare/workflows';
import { createFloorRows } from '../floor/rows';
import { serve } from './serve';

/** What the floor's API starts with. */
export interface FloorApiSettings {
  folder: string;
  temporalAddress: string;
  namespace: string;
  databaseUri: string;
  taskQueue: string;
}

/** The least that a booking can be: HTTP, its command and one audit row on disk, and a bare start. */
serve(async ({ temporalAddress, namespace, databaseUri, taskQueue }: FloorApiSettings) => {
  const database = await connectRecords(databaseUri);
  const rows = createFloorRows(database);
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection, namespace });
  const app = express().use(express.json());
  app.post('/bookings', async (request, response) => {
    const { id, dueAt } = request.body as { id: string; dueAt: number };
    await Promise.all([rows.audit('booked'), rows.command(request.body)]);
    await client.workflow.start<typeof bareLoop>('bareLoop', {
      workflowId: id,
      taskQueue,
      args: [{ id, dueAt }],
    });
    response.status(201).json({ id });
  });
  const listening = await listen(createServer(app));
  return {
    ready: { url: listening.url },
    answers: {
      async stop() {
        listening.close();
        await connection.close();
        await database.close();
      },
    },
  };
});
