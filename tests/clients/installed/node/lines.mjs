// A driver's side of the line protocol: [word, ...arguments] in, {value} or {failed} out, one line each.
import { createInterface } from "node:readline";

export async function answer(words, tell) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, ...given] = JSON.parse(line);
    let told;
    try {
      told = { value: (await words[word](...given)) ?? null };
    } catch (error) {
      told = { failed: tell(error) };
    }
    process.stdout.write(JSON.stringify(told) + "\n");
  }
}
