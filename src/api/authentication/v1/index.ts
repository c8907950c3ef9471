/** The types of authentication/v1. */
export * from './self-subject-review.ts';
export * from './token-request.ts';
export * from './token-review.ts';
