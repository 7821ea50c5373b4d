using CsCheck;
using NativeLambda.Runtime;

namespace NativeLambda.Tests.Runtime;

public sealed class ByteBufferTests
{
    [Fact]
    public void What_is_written_is_what_was_appended_whatever_length_was_declared() =>
        Gen.Select(Gen.Byte.Array[0, 300].Array[0, 30], Gen.Int[0, 20_000]).Sample((parts, declared) =>
        {
            var buffer = new ByteBuffer(firstSize: 16);
            foreach (byte[] part in parts)
            {
                buffer.Append(part, declared);
                Assert.True(buffer.Capacity <= Math.Max(16, 2 * buffer.Length));
            }

            Assert.Equal(parts.SelectMany(p => p), buffer.Written.ToArray());
        });

    [Fact]
    public void A_declared_length_is_never_allocated_before_it_comes()
    {
        var buffer = new ByteBuffer(firstSize: 4096);
        buffer.Append(new byte[10], declaredLength: 60_000_000);
        Assert.Equal(4096, buffer.Capacity);
    }

    [Fact]
    public void A_declared_length_is_not_exceeded()
    {
        var buffer = new ByteBuffer(firstSize: 4096);
        for (int i = 0; i < 6; i++)
            buffer.Append(new byte[1000], declaredLength: 6000);
        Assert.Equal(6000, buffer.Capacity);
    }

    [Theory]
    [InlineData(1000, false, 1024)]
    [InlineData(5000, true, 0)]
    public void Clear_keeps_a_small_array_and_lets_go_of_a_large_one(int length, bool released, int capacity)
    {
        var buffer = new ByteBuffer(firstSize: 1024, keepSize: 4096);
        buffer.Append(new byte[length]);
        Assert.Equal(released, buffer.Clear());
        Assert.Equal((0, capacity), (buffer.Length, buffer.Capacity));
    }
}
