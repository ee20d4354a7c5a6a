import type { Connection, mongo } from 'mongoose';

/** How a filter asks for a field: by one value, one of several, a range, or in another way, such as `$ne`. */
export type Asked = 'value' | 'several' | 'range' | `$${string}`;

/** What the service asks of a collection, without the values. */
export interface Shape {
  collection: string;
  command: 'find' | 'aggregate' | 'distinct' | 'update' | 'delete' | 'findAndModify';
  fields: [name: string, asked: Asked][];
  sort: string[];
}

/** An index as the database lists it. */
export interface ListedIndex {
  key: Record<string, unknown>;
  partialFilterExpression?: unknown;
}

/**
 * Collections and questions that may be scanned, and why: those with a handful of documents for ever, and
 * what an operator asks by a command of theirs.
 */
const allowed: { collection: string; fields?: string; why: string }[] = [
  { collection: 'leases', why: 'one document for each loop of the worker' },
  { collection: 'keysInUse', why: 'one document for each key' },
  ...['gaps', 'probes'].map((collection) => ({
    collection,
    fields: '',
    why: 'a test clears and counts them',
  })),
  { collection: 'restores', why: 'one document for each restore' },
  { collection: 'clinics', fields: '', why: 'all clinics are asked for' },
  { collection: 'contents.files', fields: '', why: 'the driver asks whether there is any file at all' },
  { collection: 'meetings', fields: '', why: 'an operator’s sample, by `npm run ops`' },
  { collection: 'meetings', fields: 'changedAt $exists', why: 'once, for meetings of an earlier release' },
  { collection: 'charges', fields: 'standing $exists', why: 'once, for invoices of an earlier release' },
  {
    collection: 'charges',
    fields: 'course.invoices.state several',
    why: 'an operator’s check after a restore',
  },
  { collection: 'people', fields: 'identityHash $type', why: 'an operator rotates hash keys' },
  { collection: 'people', fields: 'identityHash $type, _id range', why: 'an operator rotates hash keys' },
  { collection: 'people', fields: '_id value, identityHash value', why: 'an operator rotates hash keys' },
  {
    collection: 'ledger',
    fields: 'channel value, handedOverAt range, addressHash $type',
    why: 'an operator rotates hash keys',
  },
  { collection: 'personKeys', fields: 'wrappedBy $ne', why: 'an operator rotates field keys' },
  { collection: 'personKeys', fields: 'wrappedBy $ne, _id range', why: 'an operator rotates field keys' },
  { collection: 'personKeys', fields: '_id value, wrappedBy value', why: 'an operator rotates field keys' },
  { collection: 'claims', fields: 'sealed $ne, sealedBy $ne', why: 'an operator rotates field keys' },
  { collection: 'claims', fields: '_id value, sealedBy value', why: 'an operator rotates field keys' },
  { collection: 'webhooks', fields: 'sealedBy $ne', why: 'an operator rotates field keys' },
  ...['commands', 'people', 'personKeys', 'claims', 'webhooks'].map((collection) => ({
    collection,
    fields: '',
    why: 'an operator counts what keys are needed for',
  })),
];

const isAllowed = ({ collection, fields }: Shape): boolean =>
  allowed.some(
    (each) => each.collection === collection && (each.fields ?? textOf(fields)) === textOf(fields),
  );

const textOf = (fields: Shape['fields']): string =>
  fields.map(([name, asked]) => `${name} ${asked}`).join(', ');

/** The shapes of one command; none for what asks nothing of a collection. */
export function shapesOf(command: Record<string, unknown>): { shape: Shape; filter: Filter }[] {
  const one = (
    kind: Shape['command'],
    filter: unknown = {},
    sort: unknown = {},
  ): { shape: Shape; filter: Filter } => ({
    shape: {
      collection: command[kind] as string,
      command: kind,
      fields: Object.entries(filter as Filter).map(([name, value]) => [name, askedOf(name, value)]),
      // The driver has it as a Map.
      sort: [...(sort instanceof Map ? sort : Object.entries(sort as Filter))].map(
        ([name, way]) => `${String(name)} ${String(way)}`,
      ),
    },
    filter: filter as Filter,
  });
  if ('find' in command) return [one('find', command.filter, command.sort)];
  if ('distinct' in command) return [one('distinct', command.query)];
  if ('findAndModify' in command) return [one('findAndModify', command.query, command.sort)];
  if ('update' in command) return (command.updates as { q: Filter }[]).map(({ q }) => one('update', q));
  if ('delete' in command) return (command.deletes as { q: Filter }[]).map(({ q }) => one('delete', q));
  if (typeof command.aggregate !== 'string') return [];
  const [first] = command.pipeline as Record<string, unknown>[];
  return [one('aggregate', first?.$match)];
}

type Filter = Record<string, unknown>;

const ranges = ['$gt', '$gte', '$lt', '$lte'];

function askedOf(name: string, value: unknown): Asked {
  if (name.startsWith('$')) return name as Asked;
  const operators = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (!operators[0]?.startsWith('$')) return 'value';
  if (operators.every((each) => ranges.includes(each))) return 'range';
  const other = operators.find((each) => !ranges.includes(each))!;
  if (operators.length > 1) return other as Asked;
  return other === '$eq' ? 'value' : other === '$in' ? 'several' : (other as Asked);
}

/**
 * Whether an index serves the question in full, also in the embedded database, which reads the whole
 * collection otherwise: its first fields are just those of the filter, each asked for by one value, the last
 * one also by several or a range. A partial index serves nothing there, and findAndModify is served by none.
 * On the id alone there is always one, for values and not for ranges.
 */
export function isServed({ command, fields }: Shape, indexes: ListedIndex[]): boolean {
  if (command === 'findAndModify' || fields.length === 0) return false;
  const [only] = fields;
  if (fields.length === 1 && only![0] === '_id') return only![1] === 'value' || only![1] === 'several';
  return indexes.some(({ key, partialFilterExpression }) => {
    if (partialFilterExpression) return false;
    const first = Object.keys(key).slice(0, fields.length);
    return (
      first.length === fields.length &&
      fields.every(([name, asked]) => {
        const place = first.indexOf(name);
        if (place === -1) return false;
        return (
          asked === 'value' || (place === first.length - 1 && (asked === 'several' || asked === 'range'))
        );
      })
    );
  });
}

/** Watches what the service asks its database while tests run. */
export interface Watch {
  /**
   * Each question that no index serves, by collection, fields and order; to be asked before the database is
   * dropped.
   */
  scans(): Promise<string[]>;
}

/** With this the driver tells of its commands. */
export function watched(uri: string): string {
  const url = new URL(uri);
  url.searchParams.set('monitorCommands', 'true');
  return url.href;
}

/** @param connection opened with {@link watched} */
export function watchShapes(connection: Connection): Watch {
  const seen = new Map<string, { shape: Shape; filter: Filter }>();
  connection.getClient().on('commandStarted', ({ command }: mongo.CommandStartedEvent) => {
    for (const found of shapesOf(command)) {
      const { collection, command: kind, fields, sort } = found.shape;
      const key = `${kind} ${collection}: ${textOf(fields)}${sort.length > 0 ? `; in order of ${sort.join(', ')}` : ''}`;
      if (!seen.has(key)) seen.set(key, found);
    }
  });
  return {
    async scans() {
      const database = connection.db!;
      const indexes = new Map<string, ListedIndex[]>();
      const scans: string[] = [];
      for (const [text, { shape, filter }] of [...seen].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (isAllowed(shape)) continue;
        const { collection } = shape;
        if (!indexes.has(collection)) indexes.set(collection, await indexesOf(database, collection));
        const served = isServed(shape, indexes.get(collection)!);
        if (!served || (isMongod() && (await explainsScan(database, collection, filter)))) scans.push(text);
      }
      return scans;
    },
  };
}

const indexesOf = async (database: mongo.Db, collection: string): Promise<ListedIndex[]> =>
  await database
    .collection(collection)
    .indexes()
    .catch(() => []);

/** Whether the database itself says that it would read the whole collection for the filter. */
export async function explainsScan(
  database: mongo.Db,
  collection: string,
  filter: Record<string, unknown>,
): Promise<boolean> {
  const explained = await database.command({
    explain: { find: collection, filter },
    verbosity: 'queryPlanner',
  });
  return JSON.stringify(explained.queryPlanner).includes('"COLLSCAN"');
}

const isMongod = (): boolean => (process.env.VARDMOTE_DATABASE ?? '').startsWith('mongod:');
