/** What is wrong with a rule's text. `offset`: 0-based index into it. Never leaves this folder. */
export class RuleProblem extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

export interface Token {
  readonly kind: "word" | "number" | "sign" | "end";
  readonly text: string;
  /** 0-based index into the rule's text. */
  readonly offset: number;
}

// Two signs that belong together come first: "<=" is not "<" and "=".
const tokenPattern =
  /(?<word>[A-Za-z_][A-Za-z_0-9]*)|(?<number>\d+(?:\.\d+)?|\.\d+)|(?<sign>[<>=!]=|&&|\|\||[^\s])/uy;

/** Hands out a rule's words, numbers and signs, one after the other. */
export class TokenReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next token, which is taken. At the end always the same one. */
  next(): Token {
    const token = this.peek();
    this.#at = token.offset + token.text.length;
    return token;
  }

  peek(): Token {
    const offset = this.#at + (/^\s*/.exec(this.#text.slice(this.#at))?.[0].length ?? 0);
    tokenPattern.lastIndex = offset;
    const groups = tokenPattern.exec(this.#text)?.groups;
    if (groups === undefined) return { kind: "end", text: "", offset };
    const { word, number, sign = "" } = groups;
    if (word !== undefined) return { kind: "word", text: word, offset };
    if (number !== undefined) return { kind: "number", text: number, offset };
    return { kind: "sign", text: sign, offset };
  }

  /** Takes the next token where it is this word; undefined, and nothing taken, where it is another. */
  takeWord(word: string): Token | undefined {
    const token = this.peek();
    if (token.kind !== "word" || token.text !== word) return undefined;
    return this.next();
  }
}
