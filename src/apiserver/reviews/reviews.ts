import type { Clock } from '#base';
import type { VirtualRest } from '../handlers/catalog.ts';
import { accessReviews } from './access-reviews.ts';
import { selfSubjectReview, tokenReview } from './authentication-reviews.ts';
import type { ReviewParts } from './review-parts.ts';
import { rulesReview } from './rules-review.ts';

/** The resources that are questions: created, answered, and never stored. */
export function reviews(parts: ReviewParts, clock: Clock): VirtualRest[] {
  return [...accessReviews(parts), rulesReview(parts), tokenReview(parts), selfSubjectReview(clock)];
}
