import { decode, FieldPath, isEqualJson, type FieldErrors } from '#machinery';
import { mandatoryPriorityLevels } from './bootstrap-priority-levels.ts';
import { validateConditionTypes } from './condition-types-validation.ts';
import {
  PriorityLevelConfiguration,
  type LimitedPriorityLevelConfiguration,
  type LimitResponse,
  type QueuingConfiguration,
} from './priority-level-configuration.ts';

const path = FieldPath.of('spec');
const maxQueues = 10_000_000;
/** How much of a request's hash may go into the choice of its queues (`apiserver/pkg/util/shufflesharding`). */
const maxHashBits = 60;

/** The rules of levels (`pkg/apis/flowcontrol/validation/validation.go`). */
export function validatePriorityLevelConfiguration(level: PriorityLevelConfiguration, errors: FieldErrors): void {
  const { metadata, spec } = level;
  const { type, limited, exempt } = spec;
  if ((metadata.name === 'exempt') !== (type === 'Exempt')) {
    errors.invalid(path.child('type'), type, "must be 'Exempt' if and only if `name` is 'exempt'");
  }
  const at = path.child(type === 'Exempt' ? 'exempt' : 'limited');
  if (type === 'Exempt') {
    if (limited) errors.forbidden(path.child('limited'), 'must be nil if the type is not Limited');
    if (exempt) validateShares(exempt, errors, at);
    if (exempt) validateLending(exempt, errors, at);
  } else if (type === 'Limited') {
    if (exempt) errors.forbidden(path.child('exempt'), 'must be nil if the type is Limited');
    if (limited) validateLimited(limited, errors, at);
    else errors.required(at, 'must not be empty when type is Limited');
  } else errors.notSupported(path.child('type'), type, ['Exempt', 'Limited']);
  validateFixed(level, errors);
}

/** Two levels are what they are, but for how much the exempt one lends. */
function validateFixed({ metadata, spec }: PriorityLevelConfiguration, errors: FieldErrors): void {
  const fixed = mandatoryPriorityLevels.find(({ name }) => name === metadata.name);
  if (!fixed) return;
  const wanted = decode(PriorityLevelConfiguration, fixed).object.spec;
  const isExempt = fixed.name === 'exempt';
  const { exempt } = wanted;
  if (isEqualJson(isExempt && exempt ? { ...spec, exempt } : spec, wanted)) return;
  const but = isExempt ? " except the 'spec.exempt' field" : '';
  errors.invalid(path, spec, `spec of '${fixed.name}'${but} must equal the fixed value`);
}

interface Shares {
  nominalConcurrencyShares?: number;
  lendablePercent?: number;
}

function validateShares({ nominalConcurrencyShares: shares = 0 }: Shares, errors: FieldErrors, path: FieldPath): void {
  if (shares < 0) errors.invalid(path.child('nominalConcurrencyShares'), shares, 'must be a non-negative integer');
}

function validateLending({ lendablePercent: lendable = 0 }: Shares, errors: FieldErrors, path: FieldPath): void {
  if (lendable >= 0 && lendable <= 100) return;
  errors.invalid(path.child('lendablePercent'), lendable, 'must be between 0 and 100, inclusive');
}

function validateLimited(limited: LimitedPriorityLevelConfiguration, errors: FieldErrors, path: FieldPath): void {
  validateShares(limited, errors, path);
  validateResponse(limited.limitResponse, errors, path.child('limitResponse'));
  validateLending(limited, errors, path);
  const { borrowingLimitPercent: limit } = limited;
  if (limit === undefined || limit >= 0) return;
  errors.invalid(path.child('borrowingLimitPercent'), limit, 'if specified, must be a non-negative integer');
}

function validateResponse({ type, queuing }: LimitResponse, errors: FieldErrors, path: FieldPath): void {
  const at = path.child('queuing');
  if (type === 'Reject') {
    if (queuing) errors.forbidden(at, 'must be nil if limited.limitResponse.type is not Limited');
  } else if (type === 'Queue') {
    if (queuing) validateQueuing(queuing, errors, at);
    else errors.required(at, 'must not be empty if limited.limitResponse.type is Limited');
  } else errors.notSupported(path.child('type'), type, ['Queue', 'Reject']);
}

function validateQueuing(
  { queues = 0, handSize = 0, queueLengthLimit = 0 }: QueuingConfiguration,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const notPositive = 'must be positive';
  if (queueLengthLimit <= 0) errors.invalid(path.child('queueLengthLimit'), queueLengthLimit, notPositive);
  if (queues <= 0) errors.invalid(path.child('queues'), queues, notPositive);
  else if (queues > maxQueues) errors.invalid(path.child('queues'), queues, `must not be greater than ${maxQueues}`);
  const at = path.child('handSize');
  if (handSize <= 0) errors.invalid(at, handSize, notPositive);
  else if (handSize > queues) errors.invalid(at, handSize, `should not be greater than queues (${queues})`);
  else if (Math.ceil(Math.log2(queues) * handSize) > maxHashBits) {
    const why = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${maxHashBits}`;
    errors.invalid(at, handSize, why);
  }
}

export function validatePriorityLevelConfigurationStatus(
  { status }: PriorityLevelConfiguration,
  errors: FieldErrors,
): void {
  validateConditionTypes(status.conditions, errors);
}
