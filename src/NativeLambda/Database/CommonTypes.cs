using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql.Internal;
using Npgsql.Internal.Postgres;

#pragma warning disable NPG9001 // Internal by name: guarded by a test, see the remarks.

namespace NativeLambda.Database;

/// <summary>
/// Names Npgsql's own converters for the types that nearly every statement uses, so that the first statement of an environment does not
/// make it build its whole table of types: 2.8 million instructions, of the 4 that a first invocation took.
/// </summary>
/// <remarks>
/// What is not in here is asked of the resolvers behind it, as ever, and so builds the table. The converters have no public
/// constructor; a test fails when an upgrade of Npgsql moves one, and when one answers differently from the table.
/// </remarks>
internal sealed class CommonTypes : PgTypeInfoResolverFactory, IPgTypeInfoResolver
{
    private static readonly DataTypeName Bool = new("pg_catalog.bool");
    private static readonly DataTypeName Int4 = new("pg_catalog.int4");
    private static readonly DataTypeName Int8 = new("pg_catalog.int8");
    private static readonly DataTypeName Numeric = new("pg_catalog.numeric");
    private static readonly DataTypeName TextName = new("pg_catalog.text");

    public override IPgTypeInfoResolver CreateResolver() => this;

    public override IPgTypeInfoResolver? CreateArrayResolver() => null;

    public PgTypeInfo? GetTypeInfo(Type? type, DataTypeName? dataTypeName, PgSerializerOptions options)
    {
        if (Is<string>(type, dataTypeName, TextName))
            return Info<string>(type, options, NewText(options.TextEncoding), TextName, DataFormat.Text);
        if (Is<long>(type, dataTypeName, Int8))
            return Info<long>(type, options, Number<long>.NewInt8(), Int8);
        if (Is<decimal>(type, dataTypeName, Numeric))
            return Info<decimal>(type, options, Number<decimal>.NewNumeric(), Numeric);
        if (Is<int>(type, dataTypeName, Int4))
            return Info<int>(type, options, Number<int>.NewInt4(), Int4);
        if (Is<bool>(type, dataTypeName, Bool))
            return Info<bool>(type, options, NewBool(), Bool);
        return null;
    }

    /// <summary>
    /// Whether a type of .NET and one of the database, either of which may be left to be chosen, are these two. A reader asks for each
    /// column how it is read as an object, too, be it read as one or not.
    /// </summary>
    private static bool Is<T>(Type? type, DataTypeName? asked, DataTypeName name) =>
        asked is { } known ? known == name && (type is null || type == typeof(T) || type == typeof(object)) : type == typeof(T);

    private static PgTypeInfo Info<T>(Type? type, PgSerializerOptions options, object converter, DataTypeName name, DataFormat? preferred = null) =>
        new(options, (PgConverter)converter, name, unboxedType: type == typeof(object) ? typeof(T) : null) { PreferredFormat = preferred };

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Npgsql.Internal.Converters.StringTextConverter, Npgsql")]
    private static extern object NewText(Encoding encoding);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Npgsql.Internal.Converters.BoolConverter, Npgsql")]
    private static extern object NewBool();

    /// <summary>Those that are generic, with their constraint: an accessor must declare it as well.</summary>
    private static class Number<T>
        where T : INumberBase<T>
    {
        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        [return: UnsafeAccessorType("Npgsql.Internal.Converters.Int4Converter`1[[!0]], Npgsql")]
        public static extern object NewInt4();

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        [return: UnsafeAccessorType("Npgsql.Internal.Converters.Int8Converter`1[[!0]], Npgsql")]
        public static extern object NewInt8();

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        [return: UnsafeAccessorType("Npgsql.Internal.Converters.DecimalNumericConverter`1[[!0]], Npgsql")]
        public static extern object NewNumeric();
    }
}
