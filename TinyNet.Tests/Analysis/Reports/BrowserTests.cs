using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Net;

namespace TinyNet.Tests.Analysis.Reports;

/// <summary>A page in Chromium, where that is installed: a script at its end uses it as a reader would, and says what came of it.</summary>
public class BrowserTests
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    // Before the scripts of the page: what goes wrong, and what is saved instead of being downloaded.
    private const string Before = """
        <script>
        const wrong = [], saved = [];
        addEventListener('error', event => wrong.push(event.message));
        addEventListener('unhandledrejection', event => wrong.push(String(event.reason)));
        addEventListener('securitypolicyviolation', event => wrong.push(`policy: ${event.blockedURI} ${event.violatedDirective}`));
        console.error = console.warn = (...words) => wrong.push(words.join(' '));
        HTMLAnchorElement.prototype.click = function () { saved.push(this.download); };
        </script>
        """;

    private const string After = """
        <script>
        (async () => {
          const result = {};
          const wait = async isSo => { for (let i = 0; i < 400 && !isSo(); i++) await new Promise(done => setTimeout(done, 25)); };
          const marks = chart => chart.box.querySelectorAll('path').length + chart.box.querySelectorAll('canvas').length;
          const button = (chart, text) => [...document.querySelectorAll('button')]
            .find(one => one.textContent === text && one.getAttribute('aria-label')?.endsWith(': ' + chart.title));
          try {
            await library();
            result.waiting = page.charts.filter(chart => !chart.chart).length;
            for (const chart of page.charts) { chart.box.scrollIntoView({ behavior: 'instant' }); await chart.draw(); }
            result.charts = page.charts.map(chart => `${chart.title} ${chart.shown.length} ${marks(chart) > 0}`);
            const [gradients, quantiles, bars] = page.charts;

            button(gradients, 'table').click();
            result.table = [...gradients.element.querySelectorAll('tr')].slice(0, 2).map(row => row.innerText.trim().split(/\s+/));
            button(gradients, 'table').click();
            result.places = gradients.series[1].x;
            result.isClosed = gradients.element.querySelector('table') === null;

            button(bars, 'SVG').click();
            await wait(() => saved.length === 1);
            button(bars, 'PNG').click();
            await wait(() => saved.length === 2);
            result.saved = saved;
            const svg = new DOMParser().parseFromString(await bars.svg(), 'image/svg+xml');
            result.svg = [svg.documentElement.tagName, svg.querySelector('parsererror') === null,
              ['Bars', 'before', 'after', 'share', 'layer'].every(text => svg.documentElement.textContent.includes(text))];

            const size = quantiles.box.getBoundingClientRect(), whole = quantiles.extent.x;
            quantiles.box.setPointerCapture = () => {};
            const drag = (kind, x, y) => quantiles.box.dispatchEvent(new PointerEvent(kind, {
              clientX: size.left + x * size.width, clientY: size.top + y * size.height, button: 0, pointerId: 1 }));
            drag('pointerdown', 0.4, 0.3); drag('pointermove', 0.6, 0.6); drag('pointerup', 0.6, 0.6);
            await quantiles.draw();
            result.zoom = [quantiles.extent.x.low > whole.low, quantiles.extent.x.high < whole.high, button(quantiles, 'reset').hidden];
            button(quantiles, 'reset').click();
            await quantiles.draw();
            result.reset = [quantiles.extent.x.low === whole.low, button(quantiles, 'reset').hidden];
            const wheel = new WheelEvent('wheel', { deltaY: 100, bubbles: true, cancelable: true });
            quantiles.box.firstElementChild.dispatchEvent(wheel);
            result.doesWheelScroll = !wheel.defaultPrevented;

            document.querySelector('.runs input[value=two]').click();
            result.shownOfRunOne = gradients.shown.map(series => series.name);
            document.querySelector('.runs input[value=two]').click();
            gradients.legend.querySelector('button').click();
            await gradients.draw();
            result.shownOfLegend = gradients.shown.map(series => series.name);
            gradients.legend.querySelector('button').click();

            const slider = document.querySelector('input[type=range]');
            slider.value = 0.9;
            slider.dispatchEvent(new Event('input'));
            result.smoothed = [gradients.weight, ...smoothed([1, 1, null, 4], 0.5)];
            button(gradients, 'log').click();
            result.isLog = gradients.isLog;
            const before = color('card');
            document.querySelector('[aria-label="Light or dark"]').click();
            result.hasOtherColors = color('card') !== before;
            result.logTicks = logTicks(-19, 0, 6).values.map(logTicks(-19, 0, 6).label);
            result.wholeTicks = linearTicks(1, 4, 12, true).values;
            const under = options(quantiles, 400, 300).series.map(one => ({ data: one.data[3] }));
            result.tip = tip(quantiles, under, quantiles.panel.x).innerText;
          } catch (error) {
            wrong.push(error.stack);
          }
          result.wrong = wrong;
          document.body.replaceChildren(make('pre', { id: 'result', textContent: JSON.stringify(result) }));
        })();
        </script>
        """;

    [Fact]
    public void A_page_is_drawn_and_every_button_does_what_it_says()
    {
        var result = Use(SamplePage.Make().ToHtml());

        Assert.Equal("[]", Text("wrong"));
        Assert.Equal(
            """["Gradients 3 true","Quantiles 2 true","Bars 2 true","Distribution 2 true","Map 1 true"]""", Text("charts"));
        Assert.Equal("""[["step","first","third","second"],["0","1","1","1"]]""", Text("table"));
        Assert.Equal("[0,3,59]", Text("places"));
        Assert.Equal("true", Text("isClosed"));
        Assert.Equal("""["several-bars.svg","several-bars.png"]""", Text("saved"));
        Assert.Equal("""["svg",true,true]""", Text("svg"));
        Assert.Equal("[true,true,false]", Text("zoom"));
        Assert.Equal("[true,true]", Text("reset"));
        Assert.Equal("true", Text("doesWheelScroll"));
        Assert.Equal("""["first","third"]""", Text("shownOfRunOne"));
        Assert.Equal("""["third","second"]""", Text("shownOfLegend"));
        // With a weight of a half: (1/4 · 1 + 1/2 · 1) / (3/4), and with a third value (1/8 + 1/4 + 4/2) / (7/8).
        Assert.Equal("[0.9,1,1,null,2.7142857142857144]", Text("smoothed"));
        Assert.Equal("false", Text("isLog"));
        Assert.Equal("true", Text("hasOtherColors"));
        Assert.Equal("""["10⁻¹⁵","10⁻¹⁰","10⁻⁵","10⁰"]""", Text("logTicks"));
        Assert.Equal("[1,2,3,4]", Text("wholeTicks"));
        Assert.Contains("± 0.25", Text("tip"), StringComparison.Ordinal);

        string Text(string name) => result.GetProperty(name).GetRawText() is var raw && raw.Contains('\\', StringComparison.Ordinal)
            ? Regex.Unescape(raw) : raw;
    }

    /// <summary>Opens a page as a file, uses it, and gives what the script at its end found.</summary>
    private static JsonElement Use(string html)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? browser = Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(browser is null, "no Chromium is installed");

        using var folder = new TemporaryFolder();
        string path = folder.At("page.html");
        File.WriteAllText(path, html
            .Replace("<body>", "<body>" + Before, StringComparison.Ordinal)
            .Replace("</body>", After + "</body>", StringComparison.Ordinal));
        var start = new ProcessStartInfo(browser!)
        {
            ArgumentList =
            {
                "--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000", "--window-size=1280,700",
                "--user-data-dir=" + folder.At("profile"), "--dump-dom", new Uri(path).AbsoluteUri,
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string page = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        var found = Regex.Match(page, "<pre id=\"result\">(.*?)</pre>", RegexOptions.Singleline);
        Assert.True(found.Success, "the script at the end of the page did not come to its end");
        return JsonDocument.Parse(WebUtility.HtmlDecode(found.Groups[1].Value)).RootElement;
    }
}
