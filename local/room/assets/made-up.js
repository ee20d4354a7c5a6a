'use strict';
/** A picture for who has no camera: something that moves, and who it is. */
(() => {
  const PICTURES_A_SECOND = 10;
  const WIDTH = 640;
  const HEIGHT = 480;

  class MadeUpPicture {
    constructor() {
      const canvas = document.createElement('canvas');
      canvas.width = WIDTH;
      canvas.height = HEIGHT;
      this.pen = canvas.getContext('2d');
      this.words = '';
      this.step = 0;
      this.timer = setInterval(() => this.draw(), 1000 / PICTURES_A_SECOND);
      this.draw();
      this.track = canvas.captureStream(PICTURES_A_SECOND).getVideoTracks()[0];
    }

    draw() {
      const { pen } = this;
      if (!pen) return;
      this.step += 1;
      pen.fillStyle = '#24435c';
      pen.fillRect(0, 0, WIDTH, HEIGHT);
      const turn = this.step / PICTURES_A_SECOND;
      pen.fillStyle = '#ffd166';
      pen.beginPath();
      pen.arc(WIDTH / 2 + 200 * Math.cos(turn), HEIGHT / 2 + 140 * Math.sin(turn), 36, 0, 2 * Math.PI);
      pen.fill();
      pen.fillStyle = '#f4f6f8';
      pen.font = '40px sans-serif';
      pen.textAlign = 'center';
      pen.fillText(this.words, WIDTH / 2, HEIGHT / 2);
    }

    stop() {
      clearInterval(this.timer);
    }
  }

  Object.assign(window, { MadeUpPicture });
})();
