/** Two short notes, quietly. */
export function chime(): void {
  try {
    const context = new AudioContext();
    const loud = context.createGain();
    loud.gain.value = 0.05;
    loud.connect(context.destination);
    for (const [index, pitch] of [660, 880].entries()) {
      const note = context.createOscillator();
      note.frequency.value = pitch;
      note.connect(loud);
      note.start(context.currentTime + index * 0.12);
      note.stop(context.currentTime + index * 0.12 + 0.1);
    }
    setTimeout(() => void context.close(), 600);
  } catch {
    // No sound here.
  }
}
