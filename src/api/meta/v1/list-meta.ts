import { int64, message, of, pointer, required, string } from '#machinery';

export class ShardInfo extends message('ShardInfo.', {
  selector: required(string(1, 'The selector.')),
}) {}

export class ListMeta extends message('ListMeta.', {
  selfLink: string(1, 'The self link.'),
  resourceVersion: string(2, 'The resource version.'),
  continue: string(3, 'The continue.'),
  remainingItemCount: pointer(int64(4, 'The remaining item count.')),
  shardInfo: pointer(of(5, 'The shard info.', ShardInfo)),
}) {}
