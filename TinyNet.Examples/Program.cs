System.Console.WriteLine("Examples");
