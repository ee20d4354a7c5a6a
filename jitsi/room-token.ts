import { SignJWT } from 'jose';
import type { ParticipantRole } from '../rules/meeting';

/** Where the rooms are and how their tokens are signed. */
export interface JitsiSettings {
  /** Address of the Jitsi web, without a slash at its end. */
  url: string;
  appId: string;
  appSecret: string;
  /** The XMPP domain, which Prosody compares with the token's subject. */
  xmppDomain: string;
}

/** How to come into a room: its address, and the token that opens it. */
export interface RoomEntry {
  url: string;
  room: string;
  token: string;
  expiresAt: Date;
}

/**
 * Tokens are checked at login only and a page reload asks for a new one, so they live for minutes (facts,
 * Jitsi).
 */
const TOKEN_MINUTES = 10;
/** Prosody grants no leeway for a clock that is behind ours. */
const CLOCK_SKEW_SECONDS = 30;

/** What Jitsi would allow where a token says nothing: all of it is refused (R4.3, R4.4). */
const FEATURES_OFF = {
  recording: false,
  livestreaming: false,
  transcription: false,
  'outbound-call': false,
  'file-upload': false,
  'send-groupchat': false,
};

/**
 * A personal token for one room (R4.1), as the table in the facts wants it: an opaque participant id and a
 * role word, never a patient's name or number. Staff moderate, nobody else does, and the token carries the
 * name and title that they show to patients (R8.7).
 */
export async function roomEntry(
  settings: JitsiSettings,
  {
    room,
    participantId,
    role,
    now,
    doorClosesAt,
    notAfter,
    shownName = null,
  }: {
    room: string;
    participantId: string;
    role: ParticipantRole;
    now: Date;
    doorClosesAt: Date;
    /** When the right to be there ends, if it ends by itself (R7.2). */
    notAfter?: Date | null;
    /** As patients see a member of staff; of nobody else. Null where no record tells it. */
    shownName?: string | null;
  },
): Promise<RoomEntry> {
  const ends = [new Date(now.getTime() + TOKEN_MINUTES * 60_000), doorClosesAt, notAfter ?? doorClosesAt];
  const expiresAt = new Date(Math.min(...ends.map((end) => end.getTime())));
  const moderator = role === 'staff';
  const token = await new SignJWT({
    room,
    context: {
      user: {
        id: participantId,
        name: moderator ? (shownName ?? role) : role,
        affiliation: moderator ? 'owner' : 'member',
        moderator,
      },
      features: FEATURES_OFF,
    },
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(settings.appId)
    .setAudience(settings.appId)
    .setSubject(settings.xmppDomain)
    .setNotBefore(seconds(now) - CLOCK_SKEW_SECONDS)
    .setIssuedAt(seconds(now))
    .setExpirationTime(seconds(expiresAt))
    .sign(new TextEncoder().encode(settings.appSecret));
  return { url: `${settings.url}/${room}`, room, token, expiresAt };
}

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
