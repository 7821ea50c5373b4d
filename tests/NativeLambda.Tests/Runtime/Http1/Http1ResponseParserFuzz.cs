using System.Globalization;
using System.Text;
using NativeLambda.Runtime.Http1;

namespace NativeLambda.Tests.Runtime.Http1;

/// <summary>
/// Damaged and random input. The same inputs in every run, unless <c>NATIVELAMBDA_FUZZ_SEED</c> and <c>NATIVELAMBDA_FUZZ_COUNT</c>
/// ask for others.
/// </summary>
public sealed class Http1ResponseParserFuzz(ITestOutputHelper output)
{
    private static readonly Http1Limits Limits = new() { MaxBodyBytes = 1024 * 1024 };

    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "\r\n", "\r", "\n", "\r\n\r\n", ":", ",", ";", "\0", " ", "\t", "HTTP/1.1 ", "HTTP/1.0 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
            "Content-Length: ", "Content-Length: 5\r\n", "Content-Length: 18446744073709551616\r\n", "Content-Length: -1\r\n", "2147483648",
            "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n", "Connection: close\r\n", "0\r\n", "0\r\n\r\n", "5\r\n", "FFFFFFFF\r\n", "7FFFFFFFFFFFFFFF\r\n",
            ";extension=\"", "Lambda-Runtime-Aws-Request-Id: ", " folded: yes\r\n", "ÿ", "204", "304", "101",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\nLambda-Runtime-Deadline-Ms: 1800000000123\r\nContent-Length: 9\r\n\r\n{\"a\":[1]}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nDate: today\r\n\r\n4;a=b\r\n{\"a\"\r\n5\r\n:[1]}\r\n0\r\nTrailer: x\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}HTTP/1.1 200",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nuntil the end",
            "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    [Fact]
    public void No_input_makes_the_parser_hang_throw_allocate_or_depend_on_the_cuts()
    {
        int seed = Setting("NATIVELAMBDA_FUZZ_SEED", 20_260_801);
        int count = Setting("NATIVELAMBDA_FUZZ_COUNT", 100_000);
        output.WriteLine($"seed {seed}, {count} inputs");
        var random = new Random(seed);
        var reused = new Http1ResponseParser(Limits);
        byte[] sink = new byte[Limits.MaxBodyBytes];
        var errors = new int[Enum.GetValues<Http1Error>().Length];
        for (int i = 0; i < count; i++)
        {
            byte[] input = MakeInput(random);
            try
            {
                (Http1Error Error, int Status, int Fields, int Body, int Used) whole = Run(new Http1ResponseParser(Limits), input, [input.Length], sink, out byte[] wholeBody, out long allocated);
                (Http1Error, int, int, int, int) cut = Run(reused, input, Cuts(random, input.Length), sink, out byte[] cutBody, out long again);
                // The .NET runtime allocates on this thread as well, now and then (code that becomes hot): what the input costs, it costs again.
                if (Math.Max(allocated, again) > AllowedFor(input))
                    Run(new Http1ResponseParser(Limits), input, [input.Length], sink, out _, out allocated);
                Assert.True(allocated <= AllowedFor(input), $"{allocated} bytes allocated for an input of {input.Length}");
                Assert.Equal(whole, cut);
                Assert.Equal(wholeBody, cutBody);
                reused.Reset();
                errors[(int)whole.Error]++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, input {i}, {input.Length} bytes: {Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 600)))}", e);
            }
        }

        for (int i = 0; i < errors.Length; i++)
            output.WriteLine($"{(Http1Error)i}: {errors[i]}");
        // The inputs must reach everything, or the figures above mean nothing.
        if (count >= 100_000)
            Assert.DoesNotContain(0, errors);
    }

    private static (Http1Error Error, int Status, int Fields, int Body, int Used) Run(
        Http1ResponseParser parser, byte[] input, int[] ends, byte[] sink, out byte[] body, out long allocated)
    {
        int steps = 0;
        int used = 0;
        int length = 0;
        int start = 0;
        Http1Step step = Http1Step.NeedMore;
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (int end in ends)
        {
            ReadOnlySpan<byte> rest = input.AsSpan(start..end);
            start = end;
            do
            {
                step = parser.Advance(rest, out int consumed, out ReadOnlySpan<byte> piece);
                rest = rest[consumed..];
                used += consumed;
                piece.CopyTo(sink.AsSpan(length));
                length += piece.Length;
                if (++steps > (2 * input.Length) + (2 * ends.Length) + 4)
                    throw new InvalidOperationException("The parser goes on without getting on.");
            }
            while (step is Http1Step.Head or Http1Step.Body);
            if (step != Http1Step.NeedMore)
                break;
            if (!rest.IsEmpty)
                throw new InvalidOperationException("The parser asks for more and has not used what it had.");
        }

        if (step == Http1Step.NeedMore)
            step = parser.EndOfInput();
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(step == Http1Step.Error, parser.Error != Http1Error.None);

        // Before an error, how much of the body has passed depends on the cuts.
        if (step == Http1Step.Error)
        {
            body = [];
            return (parser.Error, 0, 0, 0, 0);
        }

        body = sink[..length];
        return (Http1Error.None, parser.Head.Status, parser.Head.FieldCount, length, used);
    }

    private static long AllowedFor(byte[] input) => 2048 + (8 * input.Length);

    private static byte[] MakeInput(Random random)
    {
        if (random.Next(20) == 0)
        {
            byte[] noise = new byte[random.Next(300)];
            random.NextBytes(noise);
            return noise;
        }

        List<byte> bytes = [.. Seeds[random.Next(Seeds.Length)]];
        for (int mutations = random.Next(1, 6); mutations > 0; mutations--)
            Mutate(bytes, random);
        return [.. bytes];
    }

    private static void Mutate(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count + 1);
        int length = Math.Min(random.Next(1, 20), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.AddRange(Seeds[random.Next(Seeds.Length)]);
                break;
            case 6 when random.Next(200) == 0:
                // Once in a while, something longer than the limits.
                bytes.InsertRange(at, Enumerable.Repeat((byte)'x', 70_000));
                break;
            case 6 when random.Next(100) == 0:
                bytes.InsertRange(at, Enumerable.Repeat("A: b\r\n"u8.ToArray(), 130).SelectMany(f => f));
                break;
            default:
                bytes.InsertRange(at, Fragments[random.Next(Fragments.Length)]);
                break;
        }
    }

    private static int[] Cuts(Random random, int length)
    {
        int[] cuts = new int[random.Next(1, 10)];
        for (int i = 1; i < cuts.Length; i++)
            cuts[i] = random.Next(length + 1);
        cuts[0] = length;
        Array.Sort(cuts);
        return cuts;
    }

    private static int Setting(string variable, int fallback) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
