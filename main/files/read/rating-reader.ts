/** Takes the file's UTF-8 bytes and hands its ratings to the builder it was made with. */
export interface RatingReader {
  push(chunk: Uint8Array): void;
  finish(): void;
}
