import { int64, message, of, pointer, required, string } from '#machinery';

export class ShardInfo extends message('Which part of a list this is.', {
  selector: required(string(1, 'What selects the part.')),
}) {}

export class ListMeta extends message('What every list has.', {
  selfLink: string(1, 'No longer told.'),
  resourceVersion: string(2, 'The version of the list as a whole, from which a watch may go on.'),
  continue: string(3, 'What to send to get the next part of the list.'),
  remainingItemCount: pointer(int64(4, 'How many more there are, where that is known.')),
  shardInfo: pointer(of(5, 'Which part of the whole this list is.', ShardInfo)),
}) {}
