/** A page that is not what a data file has at its place. */
export class DamagedPage extends Error {
  constructor(page: number, what: string) {
    super(`page ${page} ${what}`);
    this.name = 'DamagedPage';
  }
}
