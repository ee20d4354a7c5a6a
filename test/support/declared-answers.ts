import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { problemUrn } from '../../use-cases/command';
import type { ProblemType } from '../../use-cases/problem-types';
import { clinicRoutes } from '../../api/clinic/routes';
import { problemsOf } from '../../api/clinic/problems-of';
import { openApiDocument } from '../../api/openapi';

type Json = Record<string, unknown>;

export interface CallAnswer {
  status: number;
  headers: Headers;
  /** Whatever came: a test says what it expects of it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

/** What the document says that an operation answers. */
interface Declared {
  path: RegExp;
  method: string;
  operation: string;
  /** By status: what the body has to be, and its content types. */
  answers: Map<number, { validate: () => ValidateFunction; contentTypes: string[] }>;
  problems: ReturnType<typeof problemsOf>;
}

/** Of no operation: an address, or a method, that is not there. */
const ofNoOperation: ProblemType[] = ['no-such-address', 'method-not-allowed'];

let known: Declared[] | null = null;

/**
 * Holds an answer of the clinic's API to the document: its status, its content type, its body and, for a
 * problem, its type. Each test that calls the API checks so that no operation answers what the document does
 * not say.
 */
export function expectDeclared(method: string, address: string, answer: CallAnswer): void {
  known ??= declaredByDocument();
  const path = address.split('?')[0]!;
  const { status, body, headers } = answer;
  const type = headers.get('content-type')?.split(';')[0] ?? 'none';
  const declared = known.find((each) => each.method === method.toUpperCase() && each.path.test(path));
  const said = `${method} ${path}: ${status} ${type} ${JSON.stringify(body).slice(0, 600)}`;

  if (status >= 400) {
    const problem = (body as { title: ProblemType }).title;
    const allowed = declared?.problems[status] ?? [];
    const fits = type === 'application/problem+json' && (body as Json).type === problemUrn(problem);
    if (!fits || !(allowed.includes(problem) || ofNoOperation.includes(problem)))
      throw new Error(
        `the document does not have this problem at ${declared?.operation ?? 'this address'}: ${said}`,
      );
    return;
  }
  const expected = declared?.answers.get(status);
  if (!expected) {
    if (method === 'OPTIONS' || method === 'HEAD') return;
    throw new Error(
      `the document does not have this answer at ${declared?.operation ?? 'this address'}: ${said}`,
    );
  }
  if (!expected.contentTypes.includes(type))
    throw new Error(`the document has another content type: ${said}`);
  if (type !== 'application/json') return;
  const validate = expected.validate();
  if (!validate(body))
    throw new Error(`the document has another body: ${said}\n${JSON.stringify(validate.errors)}`);
}

function declaredByDocument(): Declared[] {
  const routes = clinicRoutes({} as Parameters<typeof clinicRoutes>[0]);
  const document = openApiDocument(routes, 'http://localhost') as {
    paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, Json> }> }>>;
    components: Json;
  };
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'document', components: document.components });
  return (
    routes
      .map((route): Declared => {
        const { responses } = document.paths[route.path]![route.method]!;
        const answers: Declared['answers'] = new Map(
          Object.keys(route.answers).map((status) => {
            const { content } = responses[status]!;
            const [{ schema } = { schema: {} }] = Object.values(content);
            // Compiled when first needed: most files of tests use a few of them.
            let validate: ValidateFunction | null = null;
            const references = JSON.stringify(schema).replaceAll('"#/components', '"document#/components');
            return [
              Number(status),
              {
                validate: () => (validate ??= ajv.compile(JSON.parse(references) as Json)),
                contentTypes: Object.keys(content),
              },
            ];
          }),
        );
        return {
          path: new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`),
          method: route.method.toUpperCase(),
          operation: route.operation,
          answers,
          problems: problemsOf(route),
        };
      })
      // Those without parameters first, as they are mounted.
      .sort((a, b) => a.path.source.split('[^/]+').length - b.path.source.split('[^/]+').length)
  );
}
