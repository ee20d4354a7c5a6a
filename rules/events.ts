/** stub */
export interface OutgoingEvent {
  type: string;
  data: Record<string, unknown>;
}
