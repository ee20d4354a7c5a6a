import { createPayloadCodec } from '../../temporal/codec';
import { meetingWorkflowId } from '../../temporal/ids';
import { historyOf } from '../../temporal/inspect';
import type { Connections } from '../connections';

const SAMPLE = 20;

/**
 * The keys that are set open a sample of what is stored: persons by FIELD_KEYS, workflows by PAYLOAD_KEYS.
 * Nothing of it is shown.
 */
export async function canOpenWhatIsStored({ records, client, settings }: Connections): Promise<string> {
  const meetings = await records.meetings.sample(SAMPLE);
  const codec = createPayloadCodec(settings.PAYLOAD_KEYS);
  let histories = 0;
  for (const { clinicId, patientId, meetingId } of meetings) {
    await records.people.find(clinicId, patientId).catch(() => {
      throw new Error('FIELD_KEYS do not open what is stored of a person: is a key missing?');
    });
    const history = await historyOf(client, meetingWorkflowId(meetingId));
    const input = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    try {
      await codec.decode([...input]);
    } catch {
      throw new Error('PAYLOAD_KEYS do not open what a workflow carries: is a key missing?');
    }
    if (history) histories += 1;
  }
  return meetings.length === 0
    ? 'nothing is stored yet that they could open'
    : `they open a sample of ${meetings.length} meetings’ patients and of ${histories} workflows`;
}
