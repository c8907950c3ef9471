/** The types of authorization/v1. */
export * from './self-subject-rules-review.ts';
export * from './subject-access-review.ts';
