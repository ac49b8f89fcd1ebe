// Records one spoken query as a WAV file: PCM of 16 bits, one channel, 16 kHz. It ends by itself when the speaker pauses.

const RATE = 16_000;
const LONGEST_SECONDS = 6;
// Without a word for so long, nobody is going to say one.
const PATIENCE_SECONDS = 4;
const PAUSE_SECONDS = 1;
const HEADER_BYTES = 44;
// A voice is louder than the quietest moment by so much, and than this in any case.
const LOUDER = 3;
const LEAST = 0.008;

/** Whether this browser can record: only pages of https and of this machine may. */
export const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && globalThis.AudioWorkletNode && globalThis.OfflineAudioContext);

/**
 * Starts to record. `onEnd` is called once, when the speaker pauses or the time is up.
 * `finish()` stops and returns a Blob; `cancel()` throws the sound away. Both give the microphone back.
 */
export async function startRecording(onEnd) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
  const context = new AudioContext();
  const parts = [];
  const pause = new PauseFinder(context.sampleRate);
  let ended = false;

  function stop() {
    ended = true;
    for (const track of stream.getTracks()) track.stop();
    return context.close();
  }

  try {
    await context.audioWorklet.addModule("/js/recorder-worklet.js");
    await context.resume();
    const recorder = new AudioWorkletNode(context, "souk-recorder");
    recorder.port.onmessage = ({ data }) => {
      if (ended) return;
      parts.push(data);
      if (pause.add(data)) { ended = true; onEnd(); }
    };
    context.createMediaStreamSource(stream).connect(recorder);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async finish() {
      await stop();
      return wav(await lowered(joined(parts), context.sampleRate));
    },
    cancel: stop,
  };
}

/** Tells when a speaker has finished, from how loud the parts of a recording are. */
class PauseFinder {
  constructor(rate) {
    Object.assign(this, { rate, seconds: 0, quiet: 0, floor: Infinity, hasSpoken: false });
  }

  /** Whether the recording ends with this part. */
  add(samples) {
    const length = samples.length / this.rate;
    const level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    this.seconds += length;
    this.floor = Math.min(this.floor, level);
    const isVoice = level > Math.max(LEAST, LOUDER * this.floor);
    this.quiet = isVoice ? 0 : this.quiet + length;
    this.hasSpoken ||= isVoice;
    return this.seconds >= LONGEST_SECONDS || this.quiet >= (this.hasSpoken ? PAUSE_SECONDS : PATIENCE_SECONDS);
  }
}

function joined(parts) {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) { all.set(part, place); place += part.length; }
  return all;
}

/** The sound at 16 kHz, by the browser's own filter. */
async function lowered(samples, rate) {
  if (samples.length === 0 || rate === RATE) return samples;
  const offline = new OfflineAudioContext(1, Math.max(1, Math.floor(samples.length * RATE / rate)), RATE);
  const sound = offline.createBuffer(1, samples.length, rate);
  sound.copyToChannel(samples, 0);
  const source = offline.createBufferSource();
  source.buffer = sound;
  source.connect(offline.destination);
  source.start();
  return (await offline.startRendering()).getChannelData(0);
}

function wav(samples) {
  const bytes = new DataView(new ArrayBuffer(HEADER_BYTES + 2 * samples.length));
  const text = (place, word) => [...word].forEach((letter, index) => bytes.setUint8(place + index, letter.charCodeAt(0)));
  text(0, "RIFF");
  bytes.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, RATE, true);
  bytes.setUint32(28, 2 * RATE, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, "data");
  bytes.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, index) => bytes.setInt16(HEADER_BYTES + 2 * index, Math.round(32_767 * Math.max(-1, Math.min(1, sample))), true));
  return new Blob([bytes], { type: "audio/wav" });
}
