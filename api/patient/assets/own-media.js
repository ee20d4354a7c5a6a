'use strict';
/**
 * One's own camera and microphone, for the device test and the waiting page. Nothing is recorded, nothing is
 * sent.
 */
(() => {
  const RESUME_MS = 1000;

  /** Why a browser says no, by the name of its error. @param {unknown} error */
  function refusalOf(error) {
    const { name = '', message = '' } = error instanceof Error ? error : {};
    switch (name) {
      case 'NotAllowedError':
      case 'PermissionDeniedError':
      case 'SecurityError':
        return /system/i.test(message) ? 'not-allowed-by-system' : 'not-allowed';
      case 'NotFoundError':
      case 'DevicesNotFoundError':
      case 'OverconstrainedError':
        return 'not-found';
      case 'NotReadableError':
      case 'TrackStartError':
      case 'AbortError':
        return 'not-readable';
      default:
        return 'unsupported';
    }
  }

  /**
   * Asks the browser for them. @param {MediaStreamConstraints} wanted
   * @returns {Promise<MediaStream | string>} why not, where it says no
   */
  async function ask(wanted) {
    if (!window.isSecureContext) return 'insecure';
    // Not there inside other apps' browsers.
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return 'unsupported';
    try {
      return await navigator.mediaDevices.getUserMedia(wanted);
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** @param {MediaStream | null} stream */
  function stop(stream) {
    if (stream) for (const track of stream.getTracks()) track.stop();
  }

  /** @returns {AudioContext | null} */
  function audio() {
    const Context =
      window.AudioContext ||
      /** @type {{ webkitAudioContext?: typeof AudioContext }} */ (/** @type {unknown} */ (window))
        .webkitAudioContext;
    return Context ? new Context() : null;
  }

  /**
   * Lets it run: a browser may hold sound back until something is pressed, and may never answer.
   * @param {AudioContext} context
   * @param {boolean} [isStalled] it says that it runs, and its clock stands still: it begins anew
   */
  async function resume(context, isStalled = false) {
    if (context.state === 'running' && !isStalled) return;
    const paused = isStalled ? context.suspend() : Promise.resolve();
    await Promise.race([
      paused.then(() => context.resume()).catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, RESUME_MS)),
    ]);
  }

  /**
   * How strong the sound of a stream is now, from 0 to 1. @param {AudioContext} context @param {MediaStream}
   * stream @returns {() => number}
   */
  function levelOf(context, stream) {
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Uint8Array(analyser.fftSize);
    return () => {
      analyser.getByteTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += Math.pow((sample - 128) / 128, 2);
      return Math.sqrt(sum / samples.length);
    };
  }

  /** A level as a meter shows it: speech fills about half. @param {number} level */
  const shownLevel = (level) => Math.min(1, level * 4);

  Object.assign(window, { OwnMedia: { ask, stop, audio, resume, levelOf, shownLevel } });
})();
