import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Upload to a stage, list its files and download one, with what Java has (17 or later).
 *
 * <pre>
 * java Stagedoor.java upload STAGE FILE...
 * java Stagedoor.java list STAGE [PREFIX]
 * java Stagedoor.java download STAGE NAME FILE
 * </pre>
 *
 * STAGEDOOR_URL, STAGEDOOR_USER and STAGEDOOR_PASSWORD say where the server is, and who asks.
 */
public class Stagedoor {
    private static final int ATTEMPTS = 5;
    private static final long LONGEST_WAIT_SECONDS = 60;
    private static final int PAGE_SIZE = 1000;
    private static final Set<Integer> WORTH_ANOTHER_ATTEMPT = Set.of(408, 429);

    private static final String SERVER = setting("STAGEDOOR_URL", "http://localhost:8000").replaceAll("/$", "");
    private static final String CREDENTIALS =
            setting("STAGEDOOR_USER", "root") + ":" + setting("STAGEDOOR_PASSWORD", "");

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The server has refused a request, or cannot be reached. */
    private static class Failure extends IOException {
        Failure(String message) {
            super(message);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            run(arguments);
        } catch (IOException | GeneralSecurityException error) {
            System.err.println(error instanceof Failure ? error.getMessage() : error);
            System.exit(1);
        }
    }

    private static void run(String[] arguments)
            throws IOException, InterruptedException, GeneralSecurityException {
        String command = arguments.length == 0 ? "" : arguments[0];
        if (command.equals("upload") && arguments.length >= 3) {
            for (int i = 2; i < arguments.length; i++) {
                upload(arguments[1], Path.of(arguments[i]));
            }
        } else if (command.equals("list") && (arguments.length == 2 || arguments.length == 3)) {
            list(arguments[1], arguments.length == 3 ? arguments[2] : "");
        } else if (command.equals("download") && arguments.length == 4) {
            download(arguments[1], arguments[2], Path.of(arguments[3]));
        } else {
            throw new Failure("upload STAGE FILE... | list STAGE [PREFIX] | download STAGE NAME FILE");
        }
    }

    private static void upload(String stage, Path file)
            throws IOException, InterruptedException, GeneralSecurityException {
        HttpRequest.Builder request = request(stageUrl(stage) + "/files/" + encode(file.getFileName().toString()))
                // The server compares it before the file is visible.
                .header("Content-MD5", md5Of(file))
                // One for all attempts: the server stores the file once, also where its answer was lost.
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .PUT(BodyPublishers.ofFile(file));
        printRows(ask(request.build()));
    }

    private static void list(String stage, String prefix) throws IOException, InterruptedException {
        String first = stageUrl(stage) + "/files?limit=" + PAGE_SIZE + "&prefix=" + encode(prefix);
        Optional<String> cursor = Optional.empty();
        do {
            String page = ask(request(first + cursor.map(text -> "&cursor=" + encode(text)).orElse("")).build());
            printRows(page);
            cursor = field(page, "next_cursor");
        } while (cursor.isPresent());
    }

    private static void download(String stage, String name, Path file) throws IOException, InterruptedException {
        String body = "{\"method\":\"GET\",\"path\":" + quote(name) + ",\"expires_in_seconds\":600}";
        HttpRequest.Builder presign = request(stageUrl(stage) + "/presign")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        String url = field(ask(presign.build()), "url").orElseThrow();
        // The URL needs no password: anybody could fetch it.
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        HttpResponse<InputStream> answer = CLIENT.send(request, BodyHandlers.ofInputStream());
        try (InputStream content = answer.body()) {
            if (answer.statusCode() != 200) {
                String message = new String(content.readAllBytes(), StandardCharsets.UTF_8);
                throw new Failure(messageOf(answer.statusCode(), message));
            }
            Path unfinished = Path.of(file + ".part");
            Files.copy(content, unfinished, StandardCopyOption.REPLACE_EXISTING);
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Sends a request until it is answered for good, and returns the JSON of the answer. */
    private static String ask(HttpRequest request) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            long wait = 1L << (attempt - 1);
            boolean again = true;
            String failure;
            try {
                HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
                int status = answer.statusCode();
                if (status < 400) {
                    return answer.body();
                }
                failure = messageOf(status, answer.body());
                Optional<String> retryAfter = answer.headers().firstValue("Retry-After");
                again = retryAfter.isPresent() || WORTH_ANOTHER_ATTEMPT.contains(status) || status >= 500;
                if (retryAfter.filter(text -> text.matches("\\d{1,9}")).isPresent()) {
                    wait = Math.min(Long.parseLong(retryAfter.get()), LONGEST_WAIT_SECONDS);
                }
            } catch (IOException error) {
                failure = SERVER + ": " + error;
            }
            if (!again || attempt == ATTEMPTS) {
                throw new Failure(failure);
            }
            System.err.println(failure + "\nTrying again in " + wait + " s");
            Thread.sleep(wait * 1000);
        }
    }

    private static HttpRequest.Builder request(String url) {
        byte[] credentials = CREDENTIALS.getBytes(StandardCharsets.UTF_8);
        return HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }

    private static String messageOf(int status, String body) {
        return status + ": " + field(body, "message").orElse(body.substring(0, Math.min(body.length(), 200)));
    }

    private static String md5Of(Path file) throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        try (InputStream content = new DigestInputStream(Files.newInputStream(file), digest)) {
            content.transferTo(OutputStream.nullOutputStream());
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    // Java reads no JSON by itself. A program of your own takes a library; these rows have plain fields only.

    private static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final Pattern ROW =
            Pattern.compile("\"name\":" + STRING + ",\"size\":(\\d+),\"md5\":(?:" + STRING + "|null)");

    private static void printRows(String json) {
        ROW.matcher(json).results().forEach(row -> {
            String md5 = row.group(3) == null ? "" : row.group(3);
            System.out.println(row.group(1).translateEscapes() + "\t" + row.group(2) + "\t" + md5);
        });
    }

    private static Optional<String> field(String json, String name) {
        return Pattern.compile("\"" + name + "\":" + STRING).matcher(json).results()
                .map(match -> match.group(1).translateEscapes())
                .findFirst();
    }

    private static String quote(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String stageUrl(String stage) {
        return SERVER + "/v1/stages/" + encode(stage);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String setting(String name, String otherwise) {
        return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
    }
}
