/** Whether a small disk can be had here: to mount one takes root, and a container that allows it. */
export function canMount(): boolean;
