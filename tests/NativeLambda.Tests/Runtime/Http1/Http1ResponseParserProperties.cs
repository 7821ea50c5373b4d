using System.Text;
using CsCheck;

namespace NativeLambda.Tests.Runtime.Http1;

public sealed class Http1ResponseParserProperties
{
    [Fact]
    public void A_valid_response_gives_back_what_it_was_made_of() =>
        GeneratedResponse.Any.Sample(r => Assert.Equal(r.Expected, ParsedResponse.Parse(r.Bytes)), iter: 5_000);

    [Fact]
    public void A_valid_response_parses_alike_cut_at_every_byte() =>
        GeneratedResponse.Any.Sample(
            r =>
            {
                byte[] bytes = Encoding.Latin1.GetBytes(r.Bytes);
                int[] everywhere = [.. Enumerable.Range(0, bytes.Length)];
                Assert.Equal(r.Expected, ParsedResponse.Parse(bytes, everywhere));
                foreach (int cut in everywhere)
                    Assert.Equal(r.Expected, ParsedResponse.Parse(bytes, [cut]));
            },
            iter: 300);

    [Fact]
    public void A_valid_response_parses_alike_cut_at_random() =>
        Gen.Select(GeneratedResponse.Any, Gen.Double.Unit.Array[0, 12]).Sample(
            (r, places) =>
            {
                byte[] bytes = Encoding.Latin1.GetBytes(r.Bytes);
                int[] cuts = [.. places.Select(p => (int)(p * bytes.Length)).Order()];
                Assert.Equal(r.Expected, ParsedResponse.Parse(bytes, cuts));
            },
            iter: 5_000);

    [Fact]
    public void Responses_one_after_the_other_on_a_connection_come_out_one_by_one() =>
        GeneratedResponse.Any.Array[1, 5].Sample(
            responses =>
            {
                // All but the last keep the connection, so what is left over of one is the next.
                GeneratedResponse[] kept = [.. responses.Where(r => r.Expected.KeepsConnection)];
                string stream = string.Concat(kept.Select(r => r.Bytes[..^r.Expected.LeftOver.Length]));
                var parser = new NativeLambda.Runtime.Http1.Http1ResponseParser(new());
                foreach (GeneratedResponse response in kept)
                {
                    ParsedResponse parsed = ParsedResponse.Parse(parser, Encoding.Latin1.GetBytes(stream), []);
                    Assert.Equal(response.Expected, parsed with { LeftOver = response.Expected.LeftOver });
                    stream = parsed.LeftOver;
                    parser.Reset();
                }

                Assert.Empty(stream);
            },
            iter: 1_000);
}
