// The WebAssembly module. A page has one of its own for keys; another, in a worker, reads documents.

/** Where a page has no document. */
const NONE = { read: () => -1, rewind: () => 0, write: () => 0 };

/** Loads the module; gives the call that asks it, and throws what it refuses, with its code. */
export async function instantiate(files = NONE) {
  let memory;
  const view = (at, length) => new Uint8Array(memory.buffer, at, length);
  const page = {
    random(to, length) {
      try {
        for (let done = 0; done < length; done += 65536) {
          crypto.getRandomValues(view(to + done, Math.min(65536, length - done)));
        }
        return 1;
      } catch {
        return 0;
      }
    },
    read_file: (to, length) => files.read(view(to, length)),
    rewind_file: () => files.rewind(),
    write_file: (from, length) => files.write(view(from, length)),
  };
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/assets/workplace.wasm"), { page });
  const workplace = instance.exports;
  memory = workplace.memory;
  return (question) => {
    const octets = new TextEncoder().encode(JSON.stringify(question));
    const room = workplace.workplace_room(octets.length);
    view(room, octets.length).set(octets);
    octets.fill(0);
    const length = workplace.workplace_ask();
    const text = new TextDecoder().decode(view(workplace.workplace_answer(), length));
    workplace.workplace_done();
    const answer = JSON.parse(text);
    if (answer.answer === "failed") {
      throw Object.assign(new Error(answer.message), { code: answer.code });
    }
    return answer;
  };
}
