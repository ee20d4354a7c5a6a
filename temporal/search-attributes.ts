import { isGrpcServiceError, type Connection } from '@temporalio/client';
import type { SearchAttributeType } from '@temporalio/common';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes';
import { attributeKeys } from '../workflows/shared/search-attributes';

/** All that workflows can be found by, with its type. */
export const searchAttributes: readonly { name: string; type: SearchAttributeType }[] =
  Object.values(attributeKeys);

/**
 * A namespace lacks what workflows are found by, and we may not add it; the message says how an operator
 * does.
 */
export class SearchAttributesMissing extends Error {
  constructor(namespace: string, missing: typeof searchAttributes, why: string) {
    super(
      [
        `The namespace ${namespace} lacks search attributes, and this process cannot add them (${why}).`,
        'Have someone who may administer Temporal add them, then start again:',
        `  temporal operator search-attribute create --namespace ${namespace} \\`,
        missing.map(({ name, type }) => `    --name ${name} --type ${cliType(type)}`).join(' \\\n'),
      ].join('\n'),
    );
    this.name = 'SearchAttributesMissing';
  }
}

/** A client's connection, or a worker's. */
type OperatorConnection = Pick<Connection, 'operatorService' | 'workflowService'>;

/** Where the search attributes of a namespace stand. */
export interface AttributesFound {
  missing: { name: string; type: SearchAttributeType }[];
  /** There under the name, with another type: nothing that we could change. */
  wrong: { name: string; type: SearchAttributeType }[];
}

/** Looks which of our search attributes a namespace has; also with credentials that may not list them. */
export async function lookAtSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
): Promise<AttributesFound> {
  const known = await knownAttributes(connection, namespace);
  if (known === 'not-allowed') return attributesAskedFor(connection, namespace);
  return {
    missing: searchAttributes.filter(({ name }) => known[name] === undefined),
    wrong: searchAttributes.filter(
      ({ name, type }) => (known[name] ?? indexedType(type)) !== indexedType(type),
    ),
  };
}

/** By name; none where the server cannot list them: the time-skipping test server can only add. */
async function knownAttributes(
  { operatorService }: OperatorConnection,
  namespace: string,
): Promise<Record<string, number> | 'not-allowed'> {
  try {
    return (await operatorService.listSearchAttributes({ namespace })).customAttributes;
  } catch (error) {
    if (codeOf(error) === UNIMPLEMENTED) return {};
    if (NOT_ALLOWED_CODES.has(codeOf(error) ?? 0)) return 'not-allowed';
    throw error;
  }
}

/**
 * Asks by queries for each, as whoever may work in the namespace can: the server refuses a name that it does
 * not know, and a value that the type does not have. Keywords, lists of them and texts it takes for the same.
 */
async function attributesAskedFor(
  { workflowService }: OperatorConnection,
  namespace: string,
): Promise<AttributesFound> {
  const isTaken = async (query: string): Promise<boolean> => {
    try {
      await workflowService.countWorkflowExecutions({ namespace, query });
      return true;
    } catch (error) {
      if (codeOf(error) === INVALID_ARGUMENT) return false;
      throw error;
    }
  };
  const found: AttributesFound = { missing: [], wrong: [] };
  for (const attribute of searchAttributes) {
    const { name, type } = attribute;
    const isOfTime = type === 'DATETIME';
    if (!(await isTaken(`${name} IS NULL`))) found.missing.push(attribute);
    else if (
      (await isTaken(`${name} = "word"`)) === isOfTime ||
      (isOfTime && !(await isTaken(`${name} = "2026-11-23T09:00:00Z"`)))
    )
      found.wrong.push(attribute);
  }
  return found;
}

/**
 * Adds to the namespace what our workflows are found by. What is there stays; several processes may do it at
 * once. Without these no workflow could start, and those that run would stand still.
 * @throws SearchAttributesMissing where the server does not let us, or has another type under a name
 */
export async function registerSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
): Promise<void> {
  let missing = searchAttributes;
  try {
    const found = await lookAtSearchAttributes(connection, namespace);
    if (found.wrong.length > 0) {
      throw new SearchAttributesMissing(namespace, found.wrong, 'the names are taken, with another type');
    }
    missing = found.missing;
    if (missing.length > 0 && !(await added(connection, namespace, missing))) {
      // Another process has added some of them: each by itself.
      for (const each of missing) await added(connection, namespace, [each]);
    }
  } catch (error) {
    if (!isGrpcServiceError(error) || !FORBIDDEN_CODES.has(error.code)) throw error;
    throw new SearchAttributesMissing(namespace, missing, error.details);
  }
}

/** False where one of them is there already. */
async function added(
  { operatorService }: OperatorConnection,
  namespace: string,
  attributes: typeof searchAttributes,
): Promise<boolean> {
  try {
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(attributes.map(({ name, type }) => [name, indexedType(type)])),
    });
    return true;
  } catch (error) {
    if (codeOf(error) === ALREADY_EXISTS) return false;
    throw error;
  }
}

const INVALID_ARGUMENT = 3;
const ALREADY_EXISTS = 6;
const UNIMPLEMENTED = 12;
/** Permission; not logged in. */
const NOT_ALLOWED_CODES = new Set([7, 16]);
/**
 * The server says no: an argument, such as one too many of a type; permission; a precondition; not there; not
 * logged in.
 */
const FORBIDDEN_CODES = new Set([INVALID_ARGUMENT, 7, 9, UNIMPLEMENTED, 16]);

const codeOf = (error: unknown): number | null => (isGrpcServiceError(error) ? error.code : null);

const indexedType = (type: SearchAttributeType): number => encodeSearchAttributeIndexedValueType(type)!;

/** As the CLI writes a type: `KeywordList`. */
const cliType = (type: SearchAttributeType): string =>
  type
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
