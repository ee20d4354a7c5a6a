import fc from 'fast-check';
import { roomName } from '../../jitsi/room-name';

const key = Buffer.alloc(32, 7);
const anyMeeting = fc.record({
  meetingId: fc.string({ minLength: 1 }),
  startVersion: fc.integer({ min: 1, max: 50 }),
});

describe('roomName', () => {
  it('R4.1 is one lower-case word, long enough not to be guessed', () => {
    fc.assert(
      fc.property(anyMeeting, ({ meetingId, startVersion }) => {
        const name = roomName(key, meetingId, startVersion);
        expect(name).toMatch(/^[a-z2-7]{32}$/);
        expect(name).toBe(roomName(key, meetingId, startVersion));
      }),
    );
  });

  it('R4.1 each meeting and each start version has its own', () => {
    fc.assert(
      fc.property(anyMeeting, anyMeeting, (one, other) => {
        const same = one.meetingId === other.meetingId && one.startVersion === other.startVersion;
        const names = [one, other].map(({ meetingId, startVersion }) =>
          roomName(key, meetingId, startVersion),
        );
        expect(names[0] === names[1]).toBe(same);
      }),
    );
    const moves = Array.from({ length: 50 }, (_, version) => roomName(key, 'meeting-1', version + 1));
    expect(new Set(moves).size).toBe(50);
    expect(roomName(key, 'meeting-1', 11)).not.toBe(roomName(key, 'meeting-11', 1));
  });

  it('R4.1 cannot be told without the key', () => {
    expect(roomName(Buffer.alloc(32, 8), 'meeting-1', 1)).not.toBe(roomName(key, 'meeting-1', 1));
    expect(roomName(key, 'meeting-1', 1)).not.toContain('meeting');
  });
});
