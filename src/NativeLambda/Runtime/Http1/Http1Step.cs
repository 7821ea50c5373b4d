namespace NativeLambda.Runtime.Http1;

/// <summary>What <see cref="Http1ResponseParser.Advance"/> got out of its input.</summary>
internal enum Http1Step
{
    /// <summary>The input is used up and the response is not complete.</summary>
    NeedMore,

    /// <summary>The head of the final response is complete; interim ones (1xx) are passed over.</summary>
    Head,

    /// <summary>A piece of the body.</summary>
    Body,

    /// <summary>The response is complete. What is left of the input belongs to whatever comes after it.</summary>
    Done,

    /// <summary>The input is not a response: see <see cref="Http1ResponseParser.Error"/>. There is no way on.</summary>
    Error,
}
