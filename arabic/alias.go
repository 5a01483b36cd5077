package arabic

// aliases lists spellings of one name that differ in consonants, so that the skeleton cannot unite
// them; the first of a line is the spelling whose key all take. Names of agencies and countries that
// outlets put for one another are here; metonyms (a capital for its government) are not.
var aliases = [][]string{
	{"غانتس", "غانتز"},
	{"انجليزي", "انكليزي"},
	{"انجلترا", "انكلترا"},
	{"جوجل", "غوغل", "قوقل"},
	{"جراد", "غراد"},
	{"هاجل", "هاغل"},
	{"تلغرام", "تليجرام", "تيليغرام", "تلجرام"},
	{"انستغرام", "انستجرام", "انستقرام"},
	{"واتساب", "واتسآب", "الواتس"},
	{"فيسبوك", "فايسبوك", "الفيس"},
	{"الناتو", "ناتو"},
	{"اوبك", "أوبيك"},
	{"كيماوي", "كيميائي", "كيمياوي"},
	{"ميليشيا", "مليشيا", "ميليشيات", "مليشيات"},
	{"صهيوني", "صهاينة"},
	{"بوكو", "بوكوحرام"},
	{"ارسنال", "آرسنال"},
	{"يوفنتوس", "جوفنتوس"},
	{"مانشستر", "مانشيستر"},
	{"تشيلسي", "تشلسي"},
}

// phrases are names of two words that are another name of one, in surface form.
var phrases = [][2]string{
	{"تنظيم الدولة", "داعش"},
	{"الدولة الإسلامية", "داعش"},
	{"الولايات المتحدة", "أمريكا"},
	{"المملكة المتحدة", "بريطانيا"},
	{"فيس بوك", "فيسبوك"},
	{"واتس اب", "واتساب"},
	{"يوم أمس", "أمس"},
}
