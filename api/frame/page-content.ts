import type { Response } from 'express';
import type { FramedPage } from './page-frame';

/** What a page may use beside our own files; none of it unless it says so. */
export interface PageNeeds {
  /** The camera and the microphone: of this page, and of the room's host where it embeds one. */
  camera?: true;
  /** Origin of the video room, which the page holds in a frame. */
  roomOrigin?: string;
}

/** A page's own part; the frame adds who one is, the languages, the way out and the telephone numbers. */
export interface PageContent extends FramedPage {
  needs?: PageNeeds;
}

/**
 * What a route answers: a page, the address of the page that shows what came of it (post, redirect, get),
 * data for a page's script, or something that sends itself: a file, or news as they come.
 */
export type PageAnswer =
  | (({ page: PageContent } | { json: unknown }) & {
      status?: number;
      retryAfterSeconds?: number | undefined;
    })
  | { redirect: string }
  | { content: { sendTo: (response: Response) => void } };
