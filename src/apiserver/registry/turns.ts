import { Turns } from '#base';

/** Whose turn it is on this thread: lists and watches of many objects go on piece by piece. */
export const turns = new Turns();
