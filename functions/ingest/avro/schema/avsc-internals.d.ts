// The parts of avsc that this folder uses beyond its declarations. Some are private, so that the version is pinned. These two
// files are a sixth of the package; its index would bring streams, services and file access into the bundle.

declare module 'avsc/lib/types.js' {
  import type { Type } from 'avsc';
  import type Utils from 'avsc/lib/utils.js';

  type Tap = InstanceType<typeof Utils.Tap>;

  /** A type with the methods that read and pass over its values. */
  interface ReadingType extends Type {
    _read(tap: Tap): unknown;
    _skip(tap: Tap): void;
  }
  type Options = Readonly<Record<string, unknown>>;

  class LogicalType {
    constructor(schema: unknown, options?: Options);
  }
  class ArrayType {
    constructor(schema: unknown, options?: Options);
    readonly itemsType: ReadingType;
  }
  class MapType {
    constructor(schema: unknown, options?: Options);
    readonly valuesType: ReadingType;
  }
  class EnumType {
    constructor(schema: unknown, options?: Options);
    readonly symbols: readonly string[];
  }
  class WrappedUnionType {
    constructor(branches: readonly unknown[], options?: Options);
    readonly types: readonly ReadingType[];
  }

  const avsc: {
    readonly Type: { forSchema(schema: unknown, options: Options): ReadingType };
    /** Tells whether a name is that of a primitive type, such as "string". */
    isPrimitive(name: string): boolean | undefined;
    readonly builtins: {
      readonly LogicalType: typeof LogicalType;
      readonly ArrayType: typeof ArrayType;
      readonly MapType: typeof MapType;
      readonly EnumType: typeof EnumType;
      readonly WrappedUnionType: typeof WrappedUnionType;
      readonly LongType: {
        __with(methods: Readonly<Record<string, unknown>>, noUnpack: boolean): ReadingType;
      };
    };
  };
  export default avsc;
  export type { ReadingType, Tap };
}

declare module 'avsc/lib/utils.js' {
  /** A position in a buffer, from which values are read. */
  class Tap {
    readonly buf: Buffer;
    get pos(): number;
    set pos(next: number);
    constructor(buf: Buffer, pos?: number);
    readBoolean(): boolean;
    readInt(): number;
    readLong(): number;
    readString(): string;
    skipInt(): void;
    skipLong(): void;
    skipString(): void;
  }
  const utils: { readonly Tap: typeof Tap };
  export default utils;
}
