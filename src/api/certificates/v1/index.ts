/** The types of certificates/v1. */
export * from './certificate-signing-request.ts';
