using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;

namespace NativeLambda.Demo.Steps;

/// <summary>A part of the story: does something, shows the figures, and checks what it claims.</summary>
internal interface IStep
{
    string Title { get; }

    /// <summary>Whether nothing else can be shown when this cannot be done.</summary>
    bool IsVital => false;

    Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation);
}
