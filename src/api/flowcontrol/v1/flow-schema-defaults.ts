import type { FlowSchema } from './flow-schema.ts';

/** Fills in what a schema leaves unsaid (`pkg/apis/flowcontrol/v1/defaults.go`). */
export function setFlowSchemaDefaults({ spec }: FlowSchema): void {
  spec.matchingPrecedence ||= 1000;
}
