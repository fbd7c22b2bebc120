/** Parts of a header `traceparent`: the ids of the trace and of the parent, and its flags. https://www.w3.org/TR/trace-context/#traceparent-header */
export const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;
