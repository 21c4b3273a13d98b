using System.CommandLine;
using TinyNet.Core;

namespace TinyNet.Bench;

/// <summary><c>devices</c>: lists what can compute.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var command = new Command("devices", "List what can compute, and of GPUs that cannot, what is missing.");
        command.SetAction(_ =>
        {
            foreach (var device in Device.Known())
            {
                Console.WriteLine(device);
            }
        });
        return command;
    }
}
