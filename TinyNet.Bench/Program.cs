System.Console.WriteLine("Bench");
