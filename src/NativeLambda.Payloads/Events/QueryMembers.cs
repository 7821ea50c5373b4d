namespace NativeLambda.Payloads.Events;

/// <summary>Writes the parameters of a query as members of an object, without its braces.</summary>
internal static class QueryMembers
{
    /// <summary>A load balancer's: as they were sent, of a name the last one.</summary>
    public static void WriteLast(ref JsonOutput json, string rawQuery)
    {
        using var query = new QueryTable(
            rawQuery, decode: false, stackalloc byte[QueryTable.ShortText], stackalloc QueryPart[QueryTable.FewParts]);
        WriteLast(ref json, query);
    }

    /// <summary>A load balancer's: as they were sent, of a name all of them.</summary>
    public static void WriteAll(ref JsonOutput json, string rawQuery)
    {
        using var query = new QueryTable(
            rawQuery, decode: false, stackalloc byte[QueryTable.ShortText], stackalloc QueryPart[QueryTable.FewParts]);
        WriteAll(ref json, query);
    }

    /// <summary>Format 1.0's two objects, decoded, with their names; null for a query without parameters.</summary>
    public static void WriteBoth(ref JsonOutput json, string rawQuery)
    {
        using var query = new QueryTable(
            rawQuery, decode: true, stackalloc byte[QueryTable.ShortText], stackalloc QueryPart[QueryTable.FewParts]);
        if (query.Count == 0)
        {
            json.Raw("\"queryStringParameters\":null,\"multiValueQueryStringParameters\":null"u8);
            return;
        }
        json.Raw("\"queryStringParameters\":{"u8);
        WriteLast(ref json, query);
        json.Raw("},\"multiValueQueryStringParameters\":{"u8);
        WriteAll(ref json, query);
        json.Raw("}"u8);
    }

    /// <summary>Format 2.0's: decoded, the values of a name joined by commas.</summary>
    public static void WriteJoined(ref JsonOutput json, scoped QueryTable query) => WriteValues(ref json, query, ":\""u8, ","u8, "\""u8);

    private static void WriteLast(ref JsonOutput json, scoped QueryTable query)
    {
        for (int i = 0; i < query.Count; i++)
        {
            if (query.IsRepeat(i)) continue;
            WriteName(ref json, query, i);
            int last = i;
            while (query.Next(last) is not 0 and var next) last = next;
            json.Raw(":\""u8);
            json.Utf8Part(query.Value(last));
            json.Raw("\""u8);
        }
    }

    private static void WriteAll(ref JsonOutput json, scoped QueryTable query) => WriteValues(ref json, query, ":[\""u8, "\",\""u8, "\"]"u8);

    private static void WriteValues(
        ref JsonOutput json, scoped QueryTable query, scoped ReadOnlySpan<byte> open, scoped ReadOnlySpan<byte> between, scoped ReadOnlySpan<byte> close)
    {
        for (int i = 0; i < query.Count; i++)
        {
            if (query.IsRepeat(i)) continue;
            WriteName(ref json, query, i);
            json.Raw(open);
            json.Utf8Part(query.Value(i));
            for (int next = query.Next(i); next != 0; next = query.Next(next))
            {
                json.Raw(between);
                json.Utf8Part(query.Value(next));
            }
            json.Raw(close);
        }
    }

    private static void WriteName(ref JsonOutput json, scoped QueryTable query, int index)
    {
        json.Raw(index == 0 ? "\""u8 : ",\""u8);
        json.Utf8Part(query.Name(index));
        json.Raw("\""u8);
    }
}
