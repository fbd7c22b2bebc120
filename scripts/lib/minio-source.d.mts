/** Where a MinIO comes from on this machine, or why there is none. */
export type MinioSource =
  | { readonly reason: string }
  | {
      readonly reason?: undefined;
      readonly name: string;
      command(place: { readonly port: number; readonly folder: string }): {
        readonly file: string;
        readonly args: readonly string[];
      };
    };

export function findMinio(report: (line: string) => void): Promise<MinioSource>;
