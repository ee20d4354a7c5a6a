import { z } from 'zod';
import { taskResults } from '../../rules/tasks';
import { staffId } from '../fields';

/** Bodies of commands about tasks. A schema checks one, documents it and gives its type. */

export const assignTaskBody = z.strictObject({
  staffId: staffId.nullable().meta({ description: 'Who sees to it from now; null for nobody' }),
  from: staffId
    .nullable()
    .optional()
    .meta({ description: 'Who has it, as you read it: another one by now is refused' }),
});
/** Who sees to a task from now, and who did as the caller knows it; null for nobody. */
export type AssignTask = z.infer<typeof assignTaskBody>;

export const finishTaskBody = z.strictObject({
  result: z
    .enum(taskResults)
    .meta({ description: '`reached`: the patient knows of the meeting, which counts as a notice (R2.10)' }),
});
/** What came of a task. */
export type FinishTask = z.infer<typeof finishTaskBody>;
