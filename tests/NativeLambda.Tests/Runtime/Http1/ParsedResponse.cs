using System.Text;
using NativeLambda.Runtime.Http1;

namespace NativeLambda.Tests.Runtime.Http1;

/// <summary>All that came out of a parser, as strings (Latin-1) that compare and print well.</summary>
public sealed record ParsedResponse(string Error, int Status, string Fields, string Body, bool KeepsConnection, string LeftOver)
{
    public static ParsedResponse Parse(string response, params int[] cuts) => Parse(Encoding.Latin1.GetBytes(response), cuts);

    /// <summary>Parses the bytes in pieces; after the last one the peer closes.</summary>
    internal static ParsedResponse Parse(byte[] response, int[] cuts, Http1Limits? limits = null) =>
        Parse(new Http1ResponseParser(limits ?? new Http1Limits()), response, cuts);

    internal static ParsedResponse Parse(Http1ResponseParser parser, byte[] response, int[] cuts)
    {
        var body = new StringBuilder();
        int start = 0;
        foreach (int end in (int[])[.. cuts, response.Length])
        {
            ReadOnlySpan<byte> input = response.AsSpan(start..end);
            start = end;
            Http1Step step;
            do
            {
                step = parser.Advance(input, out int consumed, out ReadOnlySpan<byte> piece);
                input = input[consumed..];
                body.Append(Encoding.Latin1.GetString(piece));
                if (step is Http1Step.Done or Http1Step.Error)
                    return Result(parser, body, Encoding.Latin1.GetString(input) + Encoding.Latin1.GetString(response.AsSpan(end)));
            }
            while (step != Http1Step.NeedMore);
            Assert.True(input.IsEmpty, "The parser asks for more and has not used what it had.");
        }

        parser.EndOfInput();
        return Result(parser, body, "");
    }

    private static ParsedResponse Result(Http1ResponseParser parser, StringBuilder body, string leftOver)
    {
        // Where an error is noticed depends on the cuts; what it is does not.
        if (parser.Error != Http1Error.None)
            return new ParsedResponse(parser.Error.ToString(), 0, "", "", false, "");
        var fields = new StringBuilder();
        for (int i = 0; i < parser.Head.FieldCount; i++)
            fields.Append(Encoding.Latin1.GetString(parser.Head.Name(i))).Append('=').Append(Encoding.Latin1.GetString(parser.Head.Value(i))).Append('\n');
        return new ParsedResponse("None", parser.Head.Status, fields.ToString(), body.ToString(), parser.KeepsConnection, leftOver);
    }
}
