using System.Text;
using CsCheck;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Tests.Emulator;

public sealed class LogTailTests
{
    [Fact]
    public void The_tail_is_the_last_4_KB_of_everything() =>
        Gen.String["ab ü"].Select(text => string.Concat(Enumerable.Repeat(text, 20))).Array[0, 60].Sample(lines =>
        {
            var tail = new LogTail();
            foreach (string line in lines) tail.Append(line);
            byte[] all = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
            Assert.Equal(all[^Math.Min(all.Length, LogTail.Limit)..], tail.ToArray());
        });

    [Fact]
    public void A_single_line_over_4_KB_is_cut_at_its_beginning()
    {
        var tail = new LogTail();
        tail.Append(new string('a', 5000) + "end");
        byte[] bytes = tail.ToArray();
        Assert.Equal(LogTail.Limit, bytes.Length);
        Assert.EndsWith("aend\n", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }
}
