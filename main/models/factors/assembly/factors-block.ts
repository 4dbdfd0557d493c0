// The parameter block of the factor models, which main/models/factors/fused-trainer.ts writes.

// Offsets of the block's words (u32 or f32).
export const USER_COUNT: usize = 0;
export const ITEM_COUNT: usize = 4;
/** Bytes of a row of a table: factors, bias, constant, padding to 16. */
export const ROW_BYTES: usize = 8;
/** Samples of an epoch: rows × copies. */
export const SAMPLE_COUNT: usize = 12;
/** Samples a row of the ratings (BPR's negatives). */
export const COPIES: usize = 16;
export const BATCH_SIZE: usize = 20;
export const BATCH_COUNT: usize = 24;
/** [users + 1], [rows], [rows]: the ratings. */
export const START: usize = 28;
export const ITEM: usize = 32;
export const VALUE: usize = 36;
/** [threads + 1]: first user, first item of each thread. */
export const USER_BOUNDS: usize = 40;
export const ITEM_BOUNDS: usize = 44;
/** [samples] batch of each sample; then free. */
export const BATCH_OF: usize = 48;
/** [threads, batches]: end of each thread's samples in each batch. */
export const CURSOR: usize = 52;
/** [samples] in the epoch's order; within a batch by user. */
export const SAMPLE_USER: usize = 56;
export const SAMPLE_ITEM: usize = 60;
/** [samples] ratings, f32; absent (0) where only order counts. */
export const SAMPLE_VALUE: usize = 64;
export const USERS: usize = 68;
export const USERS_FIRST: usize = 72;
export const USERS_SECOND: usize = 76;
export const USERS_STEPS: usize = 80;
export const ITEMS: usize = 84;
export const ITEMS_FIRST: usize = 88;
export const ITEMS_SECOND: usize = 92;
export const ITEMS_STEPS: usize = 96;
export const OPTIMIZER: usize = 100;
/** 1: every row moves every batch. */
export const DENSE: usize = 104;
/** Batches done before this call's first (dense). */
export const STEPS_DONE: usize = 108;
/** [batch] derivative of the batch's loss by the sample's score. */
export const SLOPE: usize = 112;
/** [batch] loss of each sample. */
export const LOSS: usize = 116;
/** [batch] BPR's negatives. */
export const NEGATIVE: usize = 120;
/** [batch, row]: the rows of the batch's users before their move, each thread's from its first sample on. */
export const OLD_USERS: usize = 124;
/** [items] last sample of the batch with this item, or −1; [2 · batch] the sample before it. */
export const HEAD: usize = 128;
export const NEXT: usize = 132;
/** [items] items of the batch, each thread from its own bound on. */
export const TOUCHED: usize = 136;
/** [threads, row] the gradient of the row at hand. */
export const GRADIENT: usize = 140;
export const ORDER_KEY: usize = 144;
export const LEFT_BITS: usize = 148;
export const RIGHT_BITS: usize = 152;
export const MEAN: usize = 156;
/** No lane of a row is constant. */
export const NO_LANE: u32 = 0xffffffff;
/** Byte offsets within a row of the lane that is constant (or NO_LANE), and its value: it carries the other's bias. */
export const USER_CONSTANT: usize = 160;
export const ITEM_CONSTANT: usize = 164;
export const USER_ONE: usize = 168;
export const ITEM_ONE: usize = 172;
/** f64: sum of the losses of the call's samples. */
export const LOSS_SUM: usize = 176;
/** [batch] address of the old row of each sample's user. */
export const OLD_ROW: usize = 184;
/** [row] zeros. */
export const ZERO_ROW: usize = 188;
/** [threads, 16] words that nobody reads. */
export const SPARE: usize = 192;
/** BPR only, from here on. */
export const OWN: usize = 200;
