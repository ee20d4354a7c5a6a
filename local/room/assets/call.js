'use strict';
/**
 * Sound and picture between this page and each other page in the room, straight from browser to browser: a
 * connection for each of the others. No server is asked for addresses or passes anything on (no STUN, no
 * TURN): the stand is for browsers of one machine.
 */
(() => {
  /** The machine's own addresses are found at once; nothing waits longer for them. */
  const ADDRESSES_MS = 2000;

  /**
   * @typedef {{ type: 'offer' | 'answer', sdp: string }} Signal
   * @typedef {{
   *   send(seat: number, signal: Signal): void,
   *   comes(seat: number, stream: MediaStream): void,
   *   stands(seat: number, state: RTCPeerConnectionState): void,
   * }} Listener send: to the other's page, which hears it; comes: what the other sends; stands: how the
   * connection does
   */

  /**
   * Until all addresses stand in what is sent: then one message each way is enough. @param {RTCPeerConnection}
   * peer
   */
  const addressesOf = (peer) =>
    new Promise((resolve) => {
      const look = () => {
        if (peer.iceGatheringState === 'complete') resolve(undefined);
      };
      peer.addEventListener('icegatheringstatechange', look);
      setTimeout(resolve, ADDRESSES_MS);
      look();
    });

  class Call {
    /** @param {MediaStream} stream what the others see and hear of us @param {Listener} listener */
    constructor(stream, listener) {
      this.stream = stream;
      this.listener = listener;
      /** @type {Map<number, RTCPeerConnection>} */
      this.peers = new Map();
    }

    /** @param {number} seat of the other @param {boolean} begins of two pages the last that came begins */
    open(seat, begins) {
      if (!('RTCPeerConnection' in window)) {
        this.listener.stands(seat, 'failed');
        return;
      }
      const peer = new RTCPeerConnection();
      this.peers.set(seat, peer);
      for (const track of this.stream.getTracks()) peer.addTrack(track, this.stream);
      // Who has no microphone hears the others all the same.
      if (begins && this.stream.getAudioTracks().length === 0)
        peer.addTransceiver('audio', { direction: 'recvonly' });
      peer.addEventListener('track', ({ streams: [stream] }) => {
        if (stream) this.listener.comes(seat, stream);
      });
      peer.addEventListener('connectionstatechange', () => {
        this.listener.stands(seat, peer.connectionState);
        if (begins && peer.connectionState === 'failed') this.offer(seat, peer, true);
      });
      if (begins) this.offer(seat, peer, false);
    }

    /** @param {number} seat @param {RTCPeerConnection} peer @param {boolean} iceRestart by a new way */
    offer(seat, peer, iceRestart) {
      this.attempt(seat, peer, async () => {
        await peer.setLocalDescription(await peer.createOffer({ iceRestart }));
        await this.tell(seat, peer);
      });
    }

    /** @param {number} seat of who sent it @param {Signal} signal */
    hear(seat, signal) {
      const peer = this.peers.get(seat);
      if (!peer) return;
      this.attempt(seat, peer, async () => {
        await peer.setRemoteDescription(signal);
        if (signal.type !== 'offer') return;
        await peer.setLocalDescription(await peer.createAnswer());
        await this.tell(seat, peer);
      });
    }

    /** @param {number} seat @param {RTCPeerConnection} peer */
    async tell(seat, peer) {
      await addressesOf(peer);
      const own = peer.localDescription;
      if (own) this.listener.send(seat, { type: own.type === 'offer' ? 'offer' : 'answer', sdp: own.sdp });
    }

    /** @param {number} seat @param {RTCPeerConnection} peer @param {() => Promise<void>} step */
    attempt(seat, peer, step) {
      step().catch(() => {
        // Of one who has left meanwhile nothing is said.
        if (this.peers.get(seat) === peer) this.listener.stands(seat, 'failed');
      });
    }

    /** @param {number} seat */
    close(seat) {
      const peer = this.peers.get(seat);
      this.peers.delete(seat);
      if (peer) peer.close();
    }

    end() {
      for (const seat of Array.from(this.peers.keys())) this.close(seat);
    }
  }

  Object.assign(window, { RoomCall: Call });
})();
