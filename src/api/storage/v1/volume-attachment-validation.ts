import { FieldPath, isDns1123Subdomain, type FieldErrors } from '#machinery';
import { validateInlineVolume } from '../../core/v1/persistent-volume-validation.ts';
import { validateCsiDriverName } from '../../core/v1/validation/storage.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { VolumeAttachment, VolumeAttachmentSource, VolumeError } from './volume-attachment.ts';

const path = FieldPath.of('spec');
const maxMetadataBytes = 256 * 1024;
const maxMessageBytes = 1024;

/** The rules of attachments (`pkg/apis/storage/validation/validation.go`). */
export function validateVolumeAttachment(
  { spec, status }: VolumeAttachment,
  errors: FieldErrors,
  old?: VolumeAttachment,
): void {
  validateSource(spec.source, errors, path.child('source'));
  for (const why of isDns1123Subdomain(spec.nodeName)) errors.invalid(path.child('nodeName'), spec.nodeName, why);
  validateAttachmentStatus(status, errors);
  if (old) validateImmutable(spec, old.spec, errors, path);
  validateCsiDriverName(spec.attacher, errors, path.child('attacher'));
  const { persistentVolumeName: name } = spec.source;
  if (name === undefined) return;
  for (const why of isDns1123Subdomain(name)) errors.invalid(path.child('source', 'persistentVolumeName'), name, why);
}

function validateSource(
  { persistentVolumeName: name, inlineVolumeSpec }: VolumeAttachmentSource,
  errors: FieldErrors,
  at: FieldPath,
): void {
  const why = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (inlineVolumeSpec && name !== undefined) {
    errors.ignoreSchemaAt(at);
    errors.forbidden(at, why);
  } else if (inlineVolumeSpec) validateInlineVolume(inlineVolumeSpec, errors, at.child('inlineVolumeSpec'));
  else if (name === undefined) errors.required(at, why);
  else if (name === '')
    errors.required(at.child('persistentVolumeName'), 'must specify non empty persistentVolumeName');
}

/** What the attacher says must not be too long. */
export function validateAttachmentStatus(status: VolumeAttachment['status'], errors: FieldErrors): void {
  const at = FieldPath.of('status');
  const { attachmentMetadata = {}, attachError, detachError } = status;
  const bytes = Object.entries(attachmentMetadata)
    .flat()
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > maxMetadataBytes) errors.tooLong(at.child('attachmentMetadata'), maxMetadataBytes);
  if (attachError) validateError(attachError, errors, at.child('attachError'));
  if (detachError) validateError(detachError, errors, at.child('detachError'));
}

function validateError({ message = '', errorCode }: VolumeError, errors: FieldErrors, at: FieldPath): void {
  // Upstream tells the bound of the metadata here.
  if (Buffer.byteLength(message) > maxMessageBytes) errors.tooLong(at.child('message'), maxMetadataBytes);
  if (errorCode !== undefined && errorCode < 0) {
    errors.invalid(at.child('errorCode'), errorCode, 'must be between 0 and 2147483647, inclusive');
  }
}
