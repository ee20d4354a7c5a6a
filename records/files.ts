import { mongo, type ClientSession, type Connection } from 'mongoose';
import { finished } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { FileType } from '../rules/files';
import type { PersonKeys } from './person-keys';
import { openFrames, sealFrames, SEALED_FRAME_BYTES } from './sealed-frames';
import { changeIf, collection, isDuplicate } from './schema';

/**
 * A file that was sent, or is about to be; its content stands in GridFS, sealed in parts with the patient's
 * key.
 */
export interface StoredFile {
  fileId: string;
  clinicId: string;
  patientId: string;
  /** The thread that it was uploaded to. */
  threadId: string;
  /** Of the message that it came with; null before that is sent. */
  messageId: string | null;
  /** The message that is on its way with it: no other takes it, and it is not deleted. Null for none. */
  promisedTo: string | null;
  uploadedBy: string;
  uploadedAt: Date;
  name: string;
  type: FileType;
  /** In bytes, as it is kept. */
  size: number;
  /** A small picture of it is kept beside it. */
  hasPreview: boolean;
}

/**
 * The state of a file.
 * - `uploading`: its content is not there as a whole
 * - `ready`: it waits for its message
 * - `attached`: it belongs to a message
 * - `deleting`: it was never sent, and is being deleted
 */
type FileState = 'uploading' | 'ready' | 'attached' | 'deleting';

interface FileRow extends Omit<StoredFile, 'fileId' | 'name' | 'promisedTo'> {
  _id: string;
  /** Absent where an earlier release wrote it. */
  promisedTo?: string | null;
  state: FileState;
  sealedName: Buffer;
}

/** Writing a file that has come takes seconds; after this whoever wrote it has gone. */
const LONGEST_UPLOAD_MS = 20_000;
const LOOK_AGAIN_MS = 100;

export interface Files {
  /** Keeps a file once, before it is sent with a message; one that was left half-way is begun again. */
  save(
    file: Omit<StoredFile, 'messageId' | 'promisedTo' | 'hasPreview' | 'size'>,
    content: Uint8Array,
    preview: Uint8Array | null,
  ): Promise<StoredFile>;
  /** Null for one that is not of this thread, or not there as a whole. */
  find(threadId: string, fileId: string): Promise<StoredFile | null>;
  /** How many somebody has uploaded to a thread that wait to be sent. */
  countUnsent(threadId: string, uploadedBy: string): Promise<number>;
  ofMessages(messageIds: string[]): Promise<StoredFile[]>;
  /**
   * Promises a file to a message, before anybody is told of that; false where it waits for none, or goes with
   * another. The same again is true.
   */
  promise(fileId: string, messageId: string): Promise<boolean>;
  /** Frees files of a message that will not be: they can be sent with another, or are deleted. */
  release(fileIds: string[], messageId: string): Promise<void>;
  /** Gives files to the message that they were promised to; inside its transaction. */
  attach(
    fileIds: string[],
    to: { messageId: string; threadId: string },
    session: ClientSession,
  ): Promise<void>;
  /** The content, opened part by part; it ends with an error when a part was changed or is missing. */
  read(file: StoredFile, what: 'content' | 'preview'): Promise<Readable>;
  /**
   * Deletes a file that was uploaded before then, and neither sent nor promised; false where there is none.
   */
  deleteOneUnsent(uploadedBefore: Date): Promise<boolean>;
}

export function createFiles(connection: Connection, personKeys: PersonKeys): Files {
  const rows = collection<FileRow>(
    connection,
    'files',
    {
      clinicId: String,
      patientId: String,
      threadId: String,
      messageId: String,
      promisedTo: String,
      uploadedBy: String,
      uploadedAt: Date,
      type: String,
      size: Number,
      hasPreview: Boolean,
      state: String,
      sealedName: Buffer,
    },
    [
      [{ messageId: 1 }],
      [{ state: 1, promisedTo: 1, uploadedAt: 1 }],
      [{ threadId: 1, messageId: 1, uploadedBy: 1 }],
    ],
  );
  const bucket = (): mongo.GridFSBucket =>
    new mongo.GridFSBucket(connection.db!, { bucketName: 'contents', chunkSizeBytes: SEALED_FRAME_BYTES });
  const namePlace = (fileId: string): string => `file-name:${fileId}`;

  async function fileOf({ _id, state, sealedName, ...row }: FileRow): Promise<StoredFile> {
    return {
      fileId: _id,
      promisedTo: null,
      ...row,
      name: await personKeys.unseal<string>(row.patientId, namePlace(_id), sealedName),
    };
  }

  async function write(contentId: string, personId: string, content: Uint8Array): Promise<void> {
    await remove(contentId);
    const frames = sealFrames(await personKeys.forBytes(personId), contentId, content);
    const upload = bucket().openUploadStreamWithId(contentId as never, contentId);
    await finished(Readable.from(frames).pipe(upload));
  }

  async function remove(contentId: string): Promise<void> {
    // The parts too, of an upload that did not come to its end.
    await connection.db!.collection('contents.chunks').deleteMany({ files_id: contentId });
    await connection.db!.collection('contents.files').deleteOne({ _id: contentId as never });
  }

  /**
   * The file that another try has brought, or is bringing this moment: two that write at once would spoil it.
   * Null for one that was left half-way.
   */
  async function uploaded(fileId: string, now: Date): Promise<FileRow | null> {
    for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
      const row = await rows.findById(fileId).lean<FileRow>();
      if (row?.state === 'deleting') throw new Error(`the file ${fileId} is being deleted`);
      if (row?.state !== 'uploading') return row;
      if (now.getTime() + waited - row.uploadedAt.getTime() >= LONGEST_UPLOAD_MS) return null;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** Takes a file that nobody waits for, to delete it; null where there is none. */
  async function takeUnsent(uploadedBefore: Date): Promise<FileRow | null> {
    const isUnsent = (row: FileRow): boolean => row.state !== 'attached' && row.promisedTo == null;
    for (const state of ['deleting', 'uploading', 'ready'] as const) {
      const found = await rows
        .findOne({ state, promisedTo: null, uploadedAt: { $lt: uploadedBefore } }, { _id: 1 })
        .sort({ uploadedAt: 1 })
        .lean<{ _id: string }>();
      const taken = found && (await changeIf(rows, found._id, isUnsent, { $set: { state: 'deleting' } }));
      if (taken) return taken;
    }
    return null;
  }

  const isReadyFor =
    (messageId: string) =>
    ({ state, promisedTo }: FileRow): boolean =>
      state === 'ready' && promisedTo === messageId;

  const contentIdOf = (fileId: string, what: 'content' | 'preview'): string => `${fileId}:${what}`;

  return {
    async save({ fileId, name, ...file }, content, preview) {
      const kept = { ...file, size: content.length, hasPreview: preview !== null };
      const sealedName = await personKeys.seal(file.patientId, namePlace(fileId), name);
      try {
        await rows.create({
          _id: fileId,
          ...kept,
          messageId: null,
          promisedTo: null,
          state: 'uploading',
          sealedName,
        });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const earlier = await uploaded(fileId, file.uploadedAt);
        if (earlier) return fileOf(earlier);
      }
      await write(contentIdOf(fileId, 'content'), file.patientId, content);
      if (preview) await write(contentIdOf(fileId, 'preview'), file.patientId, preview);
      await changeIf(rows, fileId, ({ state }) => state === 'uploading', { $set: { state: 'ready' } });
      return { fileId, name, ...kept, messageId: null, promisedTo: null };
    },
    async find(threadId, fileId) {
      const row = await rows.findById(fileId).lean<FileRow>();
      const isThere = row?.threadId === threadId && (row.state === 'ready' || row.state === 'attached');
      return isThere ? fileOf(row) : null;
    },
    countUnsent: (threadId, uploadedBy) => rows.countDocuments({ threadId, uploadedBy, messageId: null }),
    async ofMessages(messageIds) {
      const found = await rows
        .find({ messageId: { $in: messageIds } })
        .sort({ uploadedAt: 1, _id: 1 })
        .lean<FileRow[]>();
      return Promise.all(found.map(fileOf));
    },
    async promise(fileId, messageId) {
      const isFree = ({ state, promisedTo }: FileRow): boolean =>
        state === 'ready' && (promisedTo == null || promisedTo === messageId);
      return (await changeIf(rows, fileId, isFree, { $set: { promisedTo: messageId } })) !== null;
    },
    async release(fileIds, messageId) {
      for (const fileId of fileIds)
        await changeIf(rows, fileId, isReadyFor(messageId), { $set: { promisedTo: null } });
    },
    async attach(fileIds, { messageId, threadId }, session) {
      const attached = { $set: { state: 'attached' as const, messageId, threadId } };
      for (const fileId of fileIds) {
        if (!(await changeIf(rows, fileId, isReadyFor(messageId), attached, session)))
          throw new Error('a file of the message has gone');
      }
    },
    async read({ fileId, patientId }, what) {
      const contentId = contentIdOf(fileId, what);
      const sealed = bucket().openDownloadStream(contentId as never);
      return Readable.from(openFrames(await personKeys.forBytes(patientId), contentId, sealed));
    },
    async deleteOneUnsent(uploadedBefore) {
      // Its row goes last: of what is left half-way the next look finds the rest.
      const row = await takeUnsent(uploadedBefore);
      if (!row) return false;
      await remove(contentIdOf(row._id, 'content'));
      await remove(contentIdOf(row._id, 'preview'));
      await rows.deleteOne({ _id: row._id });
      return true;
    },
  };
}
