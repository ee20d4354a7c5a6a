import path from 'node:path';
import type { BrowserContextOptions, FrameLocator, Page } from 'playwright-core';
import { picture } from '../api/threads';
import { addStaff } from '../support/staff';
import { testPeople } from '../support/patient';
import { waitUntil } from '../support/wait-until';
import { logInStaff } from './at-desk';
import { inBrowser, standOfFile } from './harness';
import { takePicture } from './looks';
import { invite, openAs, type Invitation } from './patients';

/** A connection is made in a moment, on a machine that has one. */
const PATIENCE_MS = 180_000;
/** A picture is lighter than this somewhere; a black one is not, as it comes through the codec. */
const LIGHT = 60;

/**
 * The call in the stand-in room: staff at the desk and the patient on a phone, each in a browser context of
 * their own, see each other by WebRTC.
 */
inBrowser('the call', () => {
  const harness = standOfFile();
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

  /** A nurse at her desk and a patient on a phone, at the door of a meeting that is ready. */
  async function meet(options: BrowserContextOptions = {}): Promise<{ nurse: Page; patient: Page }> {
    const invitation = await invite(harness.service);
    const nurse = await atDesk(invitation);
    const { page: patient } = await openAs(harness, testPeople.patient, `${invitation.path}/room`, {
      ...phone,
      ...options,
    });
    return { nurse, patient };
  }
  async function atDesk({ clinic, meeting }: Invitation): Promise<Page> {
    const member = await addStaff(harness.service, clinic, {
      id: 'S001',
      name: 'Anna Ek',
      shownName: 'Anna Ek',
      staffIds: ['clinician-1'],
    });
    const { page } = await harness.open('about:blank', { locale: 'sv-SE' });
    await logInStaff(harness, page.context(), member);
    await page.goto(`${harness.apiUrl}/desk/meetings/${meeting.meetingId}/room`);
    return page;
  }
  const enter = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Gå in i mötet' }).click();
    await room(page).locator('#state', { hasText: 'Du är i mötet.' }).waitFor();
  };
  const room = (page: Page): FrameLocator => page.frameLocator('#call iframe');
  const tile = (page: Page, called: string) =>
    room(page).locator('#people .tile').filter({ hasText: called });

  interface Seen {
    width: number;
    time: number;
    /** How light the lightest place of the picture is, of 255. */
    light: number;
    sounds: number;
    muted: boolean;
  }
  /** Of a video element in the page. */
  interface Video {
    videoWidth: number;
    currentTime: number;
    muted: boolean;
    srcObject: { getAudioTracks(): unknown[] } | null;
    ownerDocument: { createElement(name: string): { getContext(kind: string): Pen } };
  }
  interface Pen {
    drawImage(video: Video, x: number, y: number, width: number, height: number): void;
    getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
  }
  /** What the page shows of the other now. */
  const look = (page: Page, called: string): Promise<Seen> =>
    tile(page, called)
      .locator('video')
      .evaluate((element) => {
        const video = element as unknown as Video;
        const pen = video.ownerDocument.createElement('canvas').getContext('2d');
        pen.drawImage(video, 0, 0, 64, 48);
        const { data } = pen.getImageData(0, 0, 64, 48);
        return {
          width: video.videoWidth,
          time: video.currentTime,
          light: Math.max(...data.filter((_, index) => index % 4 !== 3)),
          sounds: video.srcObject?.getAudioTracks().length ?? 0,
          muted: video.muted,
        };
      });
  /** The other's picture has come, moves on, and is no black box. */
  async function sees(page: Page, called: string): Promise<Seen> {
    await tile(page, called).locator('.instead').waitFor({ state: 'hidden' });
    const first = await waitUntil(
      () => look(page, called),
      ({ width }) => width > 0,
    );
    const later = await waitUntil(
      () => look(page, called),
      ({ time }) => time > first.time + 0.5,
    );
    expect(later.light).toBeGreaterThan(LIGHT);
    return later;
  }

  it(
    'R4.1, R8.7 staff at the desk and the patient on a phone see and hear each other, by name and title',
    async () => {
      const { nurse, patient } = await meet();
      await enter(nurse);
      await room(nurse).getByText('Du är ensam här').waitFor();
      await enter(patient);
      expect(await sees(nurse, 'Tolvan Testperson')).toMatchObject({ sounds: 1, muted: false });
      expect(await sees(patient, 'Anna Ek, sjuksköterska')).toMatchObject({ sounds: 1, muted: false });
      expect(await room(nurse).locator('#alone').isVisible()).toBe(false);
      if (process.env.PICTURES)
        for (const [page, device] of [
          [nurse, 'desktop'],
          [patient, 'phone'],
        ] as const)
          await takePicture(page, device, path.join(process.env.PICTURES, 'call'));
      // One's own picture stands beside the other's, and is no tile of the others.
      expect(await room(patient).locator('#people .tile').count()).toBe(1);
      expect(await room(patient).locator('#me').innerText()).toBe('Tolvan Testperson (du)');
    },
    PATIENCE_MS,
  );

  it(
    'one leaves and the other is told; comes again, by the button or a reload, and is seen again',
    async () => {
      const { nurse, patient } = await meet();
      await enter(nurse);
      await enter(patient);
      await sees(nurse, 'Tolvan Testperson');
      await room(patient).getByRole('button', { name: 'Lämna mötet' }).click();
      await room(nurse).locator('#told', { hasText: 'Tolvan Testperson har lämnat mötet.' }).waitFor();
      await room(nurse).getByText('Du är ensam här').waitFor();
      expect(await room(nurse).locator('#people .tile').count()).toBe(0);

      await patient.locator('#left').getByRole('button', { name: 'Gå in igen' }).click();
      await room(nurse).locator('#told', { hasText: 'Tolvan Testperson har kommit in.' }).waitFor();
      await sees(nurse, 'Tolvan Testperson');
      await sees(patient, 'Anna Ek');

      await nurse.reload();
      await enter(nurse);
      await sees(nurse, 'Tolvan Testperson');
      await sees(patient, 'Anna Ek');
      expect(await room(patient).locator('#people .tile').count()).toBe(1);
    },
    PATIENCE_MS,
  );

  it(
    'the buttons of the page stop what is sent: the other reads why there is no picture or sound',
    async () => {
      const { nurse, patient } = await meet();
      await enter(nurse);
      await enter(patient);
      await sees(nurse, 'Tolvan Testperson');
      await patient.getByRole('switch', { name: 'Kamera' }).click();
      await tile(nurse, 'Tolvan').locator('.instead', { hasText: 'Kameran är av.' }).waitFor();
      // No picture goes out, whatever the words say.
      await waitUntil(
        () => look(nurse, 'Tolvan'),
        ({ light }) => light < LIGHT,
      );
      await room(patient).locator('#own-off', { hasText: 'Din kamera är av.' }).waitFor();
      await patient.getByRole('switch', { name: 'Mikrofon' }).click();
      await tile(nurse, 'Tolvan').getByText('(mikrofonen av)').waitFor();
      await patient.getByRole('switch', { name: 'Kamera' }).click();
      await patient.getByRole('switch', { name: 'Mikrofon' }).click();
      await sees(nurse, 'Tolvan Testperson');
      expect(await tile(nurse, 'Tolvan').locator('.plate').innerText()).toBe('Tolvan Testperson');
    },
    PATIENCE_MS,
  );

  it(
    'without a camera a drawn picture is sent, which moves; without a microphone one still hears the other',
    async () => {
      const { nurse, patient } = await meet();
      await enter(nurse);
      await patient.addInitScript(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'))",
      );
      await patient.reload();
      await enter(patient);
      await room(patient).getByText('Utan kamera ser de andra en ritad bild.').waitFor();
      expect(await sees(nurse, 'Tolvan Testperson')).toMatchObject({ sounds: 0 });
      await tile(nurse, 'Tolvan').getByText('(mikrofonen av)').waitFor();
      expect(await sees(patient, 'Anna Ek')).toMatchObject({ sounds: 1 });
    },
    PATIENCE_MS,
  );

  it(
    'R4.4 in the call staff attach a picture in the chat, and see the patient’s: nobody leaves the room',
    async () => {
      const { nurse, patient } = await meet();
      await enter(nurse);
      await enter(patient);
      for (const [page, other, name] of [
        [nurse, patient, 'Övning'],
        [patient, nurse, 'Utslag'],
      ] as const) {
        await openChat(page);
        await page.locator('#attach').evaluate((part) => {
          (part as unknown as { closest(of: string): { open: boolean } }).closest('details').open = true;
        });
        const { type: mimeType, content: buffer } = await picture();
        await page.locator('#choose').setInputFiles({ name: `${name}.jpg`, mimeType, buffer });
        await page.locator('#attached').getByText(`${name}.jpg`).waitFor();
        await page.locator('#text').fill(`Se bilden: ${name}`);
        await page.locator('#message').getByRole('button', { name: 'Skicka' }).click();
        await page.locator('#messages').getByText(`Se bilden: ${name}`).waitFor();
        // The field is empty again, and the keyboard in it.
        expect(await page.locator('#text').inputValue()).toBe('');
        expect(await page.evaluate('document.activeElement.id')).toBe('text');
        await openChat(other);
        const shown = other.locator('#messages').getByRole('img', { name: new RegExp(name) });
        await waitUntil(
          () => shown.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
          (width) => width > 0,
        );
      }
      if (process.env.PICTURES) {
        await takePicture(nurse, 'desktop', path.join(process.env.PICTURES, 'call-chat'));
        await takePicture(patient, 'phone', path.join(process.env.PICTURES, 'call-chat'));
      }
      await sees(nurse, 'Tolvan Testperson');
      await sees(patient, 'Anna Ek');
    },
    PATIENCE_MS,
  );
  async function openChat(page: Page): Promise<void> {
    if (!(await page.locator('#chat').isVisible()) || !(await page.locator('#text').isVisible()))
      await page.locator('#open-chat').click();
    await page.locator('#text').waitFor();
  }

  it(
    'R4.2 three see each other, and who is left sees on when one goes',
    async () => {
      const invitation = await invite(harness.service, {
        participants: [{ role: 'staff', staffId: 'clinician-2' }],
      });
      const nurse = await atDesk(invitation);
      const doctor = await addStaff(harness.service, invitation.clinic, {
        id: 'S002',
        name: 'Bo Alm',
        shownName: 'Bo Alm',
        title: 'läkare',
        staffIds: ['clinician-2'],
      });
      const { page: second } = await harness.open('about:blank', { locale: 'sv-SE' });
      await logInStaff(harness, second.context(), doctor);
      await second.goto(nurse.url());
      const { page: patient } = await openAs(harness, testPeople.patient, `${invitation.path}/room`, phone);
      for (const page of [nurse, second, patient]) await enter(page);
      for (const [page, others] of [
        [nurse, ['Bo Alm, läkare', 'Tolvan Testperson']],
        [second, ['Anna Ek, sjuksköterska', 'Tolvan Testperson']],
        [patient, ['Anna Ek, sjuksköterska', 'Bo Alm, läkare']],
      ] as const)
        for (const other of others) await sees(page, other);
      await room(second).getByRole('button', { name: 'Lämna mötet' }).click();
      await room(patient).locator('#told', { hasText: 'Bo Alm, läkare har lämnat mötet.' }).waitFor();
      await sees(patient, 'Anna Ek');
      await sees(nurse, 'Tolvan Testperson');
      expect(await room(patient).locator('#people .tile').count()).toBe(1);
    },
    PATIENCE_MS,
  );
});
