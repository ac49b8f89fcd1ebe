// Runs in the browser's audio thread: hands samples of the first channel to the page, some thousand at a time.

const LENGTH = 2048;

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this.part = new Float32Array(LENGTH);
    this.used = 0;
  }

  process([[channel]]) {
    for (const sample of channel ?? []) {
      this.part[this.used++] = sample;
      if (this.used < LENGTH) continue;
      this.port.postMessage(this.part);
      this.part = new Float32Array(LENGTH);
      this.used = 0;
    }
    return true;
  }
}

registerProcessor("souk-recorder", Recorder);
